import { fen, formatYuan } from '@shared/money';
import { readLedger } from '../ledger';
import type { Simulator } from '../simulator';
import { html, type Html } from './html';

function money(amountFen: number): Html {
  return html`<small>¥</small>${formatYuan(fen(amountFen))}`;
}

function figure(name: string, value: Html): Html {
  return html`<div class="figure">
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

/** The sums of payments and refunds. */
export function walletSection(simulator: Simulator): Html {
  const { payments, deliveries } = readLedger(simulator);
  const paidFen = payments.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const refundedFen = payments.reduce((sum, { refundedFen }) => sum + refundedFen, 0);
  return html`<section id="wallet" data-live aria-label="钱包">
    <dl class="figures">
      ${figure('已收款', money(paidFen))}${figure('已退款', money(refundedFen))}
      ${figure('结余', money(paidFen - refundedFen))}
      ${figure('已到账', html`${deliveries.length}<small> 笔</small>`)}
    </dl>
  </section>`;
}
