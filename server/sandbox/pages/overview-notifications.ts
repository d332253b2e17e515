import { beijingDateTime } from '@shared/beijing-time';
import type { Notification } from '../state';
import type { Simulator } from '../simulator';
import { html, type Html } from './html';
import { listOf, tag } from './overview-orders';

const MAX_SHOWN = 12;

const eventNames: Readonly<Record<Notification['event'], string>> = {
  paid: '支付成功',
  delivered: '充值到账',
  deliveryFailed: '充值失败',
  refunded: '退款完成',
  refundAbnormal: '退款异常',
  refundClosed: '退款关闭',
};

const stateTags = {
  pending: { text: '等待确认', tone: 'soon' },
  taken: { text: '已确认', tone: 'good' },
  givenUp: { text: '已放弃', tone: 'bad' },
} as const;

type Attempt = Notification['attempts'][number];

const tamperingNames = { probe: '（签名探测）', forgery: '（伪造）' } as const;

function nameOf({ extra, disguise }: Attempt): string {
  if (disguise !== null) return tamperingNames[disguise];
  return extra ? '（重复发送）' : '';
}

function attemptList({ attempts: made, nextAttemptAt }: Notification): Html {
  const rows = made.map(
    (attempt) => html`<li>${beijingDateTime(attempt.at)} ${attempt.result}${nameOf(attempt)}</li>`,
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
    ${attemptList(notification)}
  </li>`;
}

/** The newest notifications with the result of each attempt. */
export function notificationsSection(simulator: Simulator): Html {
  const rows = simulator.state.notifications.slice(-MAX_SHOWN).reverse().map(notificationRow);
  return html`<section id="notifications" data-live>
    <h2>通知</h2>
    ${listOf(rows, '还没有通知。付款、到账和退款时会通知商户。')}
  </section>`;
}
