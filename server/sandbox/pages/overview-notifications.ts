import { beijingDateTime } from '@shared/beijing-time';
import type { Notification } from '../state';
import type { World } from '../world';
import { html, type Html } from './html';
import { tag } from './overview-orders';

const SHOWN = 12;

const eventNames: Readonly<Record<Notification['event'], string>> = {
  paid: '支付成功',
  delivered: '充值到账',
  deliveryFailed: '充值失败',
  refunded: '退款完成',
};

const stateTags = {
  pending: { text: '等待确认', tone: 'soon' },
  taken: { text: '已确认', tone: 'good' },
  givenUp: { text: '已放弃', tone: 'bad' },
} as const;

function attempts({ attempts: made, nextAttemptAt }: Notification): Html {
  const rows = made.map(
    ({ at, result, extra }) =>
      html`<li>${beijingDateTime(at)} ${result}${extra ? '（重复发送）' : ''}</li>`,
  );
  const next = nextAttemptAt === null ? '' : `，下次 ${beijingDateTime(nextAttemptAt)}`;
  return html`<details>
    <summary>${made.length} 次发送${next}</summary>
    <ul>
      ${rows}
    </ul>
  </details>`;
}

function notificationRow(notification: Notification): Html {
  return html`<li>
    <div class="line">
      <span
        >${eventNames[notification.event]}
        <span class="quiet mono">${notification.outTradeNo}</span></span
      >
      ${tag(stateTags[notification.state])}
    </div>
    <p class="quiet mono">${notification.url}</p>
    ${attempts(notification)}
  </li>`;
}

/** The newest notifications with what became of each attempt. */
export function notificationsSection(world: World): Html {
  const rows = world.state.notifications.slice(-SHOWN).reverse().map(notificationRow);
  return html`<section id="notifications" data-live>
    <h2>通知</h2>
    ${
      rows.length > 0
        ? html`<ul class="list">
            ${rows}
          </ul>`
        : html`<p class="empty">还没有通知。付款、到账和退款时会通知商户。</p>`
    }
  </section>`;
}
