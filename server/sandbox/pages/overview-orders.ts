import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { PlatformOrder } from '../state';
import { refundedFen } from '../wechatpay-v2/refunds';
import type { Simulator } from '../simulator';
import { html, type Html } from './html';

const MAX_SHOWN = 12;

export interface Tag {
  text: string;
  tone: 'good' | 'soon' | 'bad' | '';
}

const payTags: Readonly<Record<PlatformOrder['payState'], Tag>> = {
  unpaid: { text: '未支付', tone: 'soon' },
  paid: { text: '已支付', tone: 'good' },
  closed: { text: '已关闭', tone: '' },
};

const balanceTag: Tag = { text: '预存余额支付', tone: 'good' };

const deliverTags: Readonly<Record<PlatformOrder['deliverState'], Tag>> = {
  notBegun: { text: '未充值', tone: '' },
  underWay: { text: '充值中', tone: 'soon' },
  failed: { text: '充值失败', tone: 'bad' },
  done: { text: '已到账', tone: 'good' },
};

/** A label. */
export function tag({ text, tone }: Tag): Html {
  return html`<span class="tag ${tone}">${text}</span>`;
}

/** A number with a button that copies it. */
export function copyable(text: string, name: string): Html {
  return html`<button
    type="button"
    class="copy mono"
    data-copy="${text}"
    aria-label="复制${name} ${text}"
  >
    ${text}
  </button>`;
}

function tagsOf(simulator: Simulator, order: PlatformOrder): Html[] {
  const refunded = refundedFen(simulator, order.outTradeNo, 'done');
  const tags = [order.paidBy === 'balance' ? balanceTag : payTags[order.payState]];
  if (order.payState === 'paid') tags.push(deliverTags[order.deliverState]);
  if (refunded > 0) tags.push({ text: `已退 ¥${formatYuan(fen(refunded))}`, tone: '' });
  return tags.map(tag);
}

function orderRow(simulator: Simulator, order: PlatformOrder): Html {
  return html`<li>
    <div class="line">
      <strong>${order.productName}</strong>
      <strong>¥${formatYuan(fen(order.amountFen))}</strong>
    </div>
    <div class="line">
      <span>${copyable(order.outTradeNo, '商户订单号')}</span>
      <span class="tags">${tagsOf(simulator, order)}</span>
    </div>
    <div class="line quiet">
      <span class="mono">${order.iccid}</span>
      <span>${beijingDateTime(order.createdAt)}</span>
    </div>
    ${order.failReason === null ? '' : html`<p class="quiet">原因：${order.failReason}</p>`}
  </li>`;
}

/** A list of rows, or a sentence if there are none. */
export function listOf(rows: readonly Html[], whenEmpty: string): Html {
  if (rows.length === 0) return html`<p class="empty">${whenEmpty}</p>`;
  return html`<ul class="list">
    ${rows}
  </ul>`;
}

/** The newest orders. */
export function ordersSection(simulator: Simulator): Html {
  const newest = simulator.orders.all.slice(-MAX_SHOWN).reverse();
  const rows = newest.map((order) => orderRow(simulator, order));
  return html`<section id="orders" data-live>
    <h2>旭宇订单</h2>
    ${listOf(rows, '还没有订单。在客户端下单后会出现在这里。')}
  </section>`;
}
