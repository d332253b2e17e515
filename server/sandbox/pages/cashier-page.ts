import type { Context } from 'koa';
import { fen, formatYuan } from '@shared/money';
import type { PaymentRequest } from '../wechatpay-v2/signing';
import { cashierScript } from './cashier-script';
import { cashierStyle } from './cashier-style';
import { html, json, sendPage, trusted, type Html } from './html';

/** What is to be paid, or why it cannot be. */
type CashierContent = { reason: string } | { amountFen: number; goods: string };

const MERCHANT = '流卡演示商户';

const closeIcon = trusted(
  '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 4l12 12M16 4L4 16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/></svg>',
);
const walletIcon = trusted(
  '<svg viewBox="0 0 20 20" aria-hidden="true"><rect x="2" y="4" width="16" height="12" rx="2.5" fill="#fa9d3b"/><path d="M10 6.5v7M7.4 6.8L10 10l2.6-3.2M7.6 10.2h4.8M7.6 12h4.8" fill="none" stroke="#fff" stroke-width="1.2" stroke-linecap="round"/></svg>',
);
const backspaceIcon = trusted(
  '<svg viewBox="0 0 26 26" aria-hidden="true"><path d="M9 5h13v16H9l-7-8z M12 10l6 6M18 10l-6 6" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/></svg>',
);
const checkMark = trusted(
  '<svg class="tick" viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="30" fill="#07c160"/><path d="M19 33l9 9 18-19" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);

function amount(amountFen: number): Html {
  return html`<p class="amount"><small>¥</small>${formatYuan(fen(amountFen))}</p>`;
}

function head(): Html {
  return html`<div class="head">
    <button
      type="button"
      class="close"
      data-action="cancel"
      data-testid="cashier-close"
      aria-label="关闭，放弃支付"
    >
      ${closeIcon}
    </button>
    <h1 id="title">微信支付</h1>
  </div>`;
}

function payStep(): Html {
  return html`<section id="pay">
    <dl class="rows">
      <div class="row">
        <dt>付款方式</dt>
        <dd>${walletIcon}零钱</dd>
      </div>
    </dl>
    <div class="act">
      <button type="button" class="primary" data-action="pay" data-testid="cashier-pay">
        立即支付
      </button>
    </div>
  </section>`;
}

function key(digit: string): Html {
  return html`<button
    type="button"
    class="key"
    data-key="${digit}"
    data-testid="cashier-digit-${digit}"
  >
    ${digit}
  </button>`;
}

function passwordStep(): Html {
  return html`<section id="password">
    <div id="cells" class="cells" role="img" aria-label="已输入 0 位，共 6 位">
      ${Array.from({ length: 6 }, () => html`<span class="cell"></span>`)}
    </div>
    <p id="hint" class="hint" aria-live="polite">演示收银台，不会真的扣款：任意六位数字即可</p>
    <div class="keys">
      ${['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(key)}<span class="key blank"></span
      >${key('0')}
      <button
        type="button"
        class="key delete"
        data-key="delete"
        data-testid="cashier-delete"
        aria-label="删除一位"
      >
        ${backspaceIcon}
      </button>
    </div>
  </section>`;
}

function paymentView(amountFen: number, goods: string): Html {
  return html`<main
    id="sheet"
    class="sheet"
    role="dialog"
    aria-modal="true"
    tabindex="-1"
    aria-labelledby="title"
    hidden
  >
    ${head()}
    <div class="sum">
      <p class="merchant">${MERCHANT}</p>
      ${amount(amountFen)}
      <p class="goods">${goods}</p>
    </div>
    ${payStep()}${passwordStep()}
  </main>`;
}

function doneView(amountFen: number): Html {
  return html`<main
    id="done"
    class="done"
    role="dialog"
    aria-modal="true"
    tabindex="-1"
    aria-label="支付成功"
    hidden
  >
    ${checkMark}
    <h1>支付成功</h1>
    <p class="merchant">${MERCHANT}</p>
    ${amount(amountFen)}
    <button type="button" class="finish" data-action="end" data-testid="cashier-done">完成</button>
  </main>`;
}

function alertView(failure: string): Html {
  return html`<main
    id="alert"
    class="alert"
    role="alertdialog"
    aria-modal="true"
    tabindex="-1"
    aria-label="无法支付"
    hidden
  >
    <h1>无法支付</h1>
    <p id="reason">${failure}</p>
    <button type="button" data-action="end" data-testid="cashier-dismiss">知道了</button>
  </main>`;
}

/**
 * The payment sheet as a page for a frame. At the end it posts `{ source: 'liuka-cashier', errMsg }` to the
 * page around it, with the `errMsg` of `wx.requestPayment`.
 */
export function sendCashier(
  ctx: Context,
  content: CashierContent,
  paymentRequest: PaymentRequest,
): void {
  const failure = 'reason' in content ? content.reason : '';
  const { amountFen, goods } = 'reason' in content ? { amountFen: 0, goods: '' } : content;
  const body = html`${paymentView(amountFen, goods)}${doneView(amountFen)} ${alertView(failure)}
    <script type="application/json" id="sheet-data">
      ${json({ parameters: paymentRequest, failure })}
    </script>`;
  sendPage(ctx, {
    title: '微信支付（演示）',
    style: cashierStyle,
    script: cashierScript,
    body,
    framedBy: '*',
  });
}
