import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { Trade, TradeRefund, Transaction } from '../state';
import { tradeRefundedFen } from '../wechatpay/refunds';
import type { Simulator } from '../simulator';
import { html, type Html } from './html';
import { copyable, listOf, tag, type Tag } from './overview-orders';

const MAX_SHOWN = 12;

const stateTags: Readonly<Record<Trade['state'], Tag>> = {
  unpaid: { text: '未支付', tone: 'soon' },
  paid: { text: '已支付', tone: 'good' },
  closed: { text: '已关闭', tone: '' },
};

const refundTags: Partial<Record<TradeRefund['status'], Tag>> = {
  PROCESSING: { text: '退款中', tone: 'soon' },
  ABNORMAL: { text: '退款异常', tone: 'bad' },
};

function tagsOf(simulator: Simulator, trade: Trade, transactions: readonly Transaction[]): Html[] {
  const tags = [stateTags[trade.state]];
  if (transactions.length > 1) tags.push({ text: '重复扣款', tone: 'bad' });
  for (const { transactionId } of transactions) {
    const returned = tradeRefundedFen(simulator, transactionId, 'done');
    if (returned > 0) tags.push({ text: `已退 ¥${formatYuan(fen(returned))}`, tone: '' });
    for (const { status } of simulator.tradeRefundsByTransaction.get(transactionId)) {
      const shown = refundTags[status];
      if (shown) tags.push(shown);
    }
  }
  return tags.map(tag);
}

function transactionLine({ transactionId, amountFen }: Transaction): Html {
  return html`<div class="line quiet">
    <span>${copyable(transactionId, '微信支付订单号')}</span>
    <span>实收 ¥${formatYuan(fen(amountFen))}</span>
  </div>`;
}

function tradeRow(simulator: Simulator, trade: Trade): Html {
  const transactions = simulator.transactionsByTrade.get(trade.outTradeNo);
  return html`<li>
    <div class="line">
      <strong>${trade.description}</strong>
      <strong>¥${formatYuan(fen(trade.amountFen))}</strong>
    </div>
    <div class="line">
      <span>${copyable(trade.outTradeNo, '商户订单号')}</span>
      <span class="tags">${tagsOf(simulator, trade, transactions)}</span>
    </div>
    ${transactions.map(transactionLine)}
    <div class="line quiet"><span>${beijingDateTime(trade.createdAt)}</span></div>
  </li>`;
}

/** The newest orders of the merchant's own WeChat Pay. */
export function tradesSection(simulator: Simulator): Html {
  const newest = simulator.trades.all.slice(-MAX_SHOWN).reverse();
  const rows = newest.map((trade) => tradeRow(simulator, trade));
  return html`<section id="trades" data-live>
    <h2>微信支付订单</h2>
    ${listOf(rows, '还没有订单。商户直连微信支付时会出现在这里。')}
  </section>`;
}
