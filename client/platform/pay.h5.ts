import type { PaymentParameters } from '@shared/contract';
import { isRecord } from '@client/lib/guards';
import { openOverlay } from './browser-overlay';
import type { PaymentOutcome, ShowPaymentSheet } from './ports';
import { simulatedWeChat } from './simulated-wechat';

function cashierAddress(wechat: string, payment: PaymentParameters): string {
  const query = new URLSearchParams(payment).toString();
  return `${wechat}/sandbox/wechat/cashier?${query}`;
}

/** Reads the cashier's message, which has wx.requestPayment's wording; undefined for other messages. */
function outcomeOf(data: unknown): PaymentOutcome | undefined {
  if (!isRecord(data) || data.source !== 'liuka-cashier') return undefined;
  const message = String(data.errMsg);
  if (message === 'requestPayment:ok') return 'done';
  return message === 'requestPayment:fail cancel' ? 'cancelled' : 'failed';
}

function cashierFrame(address: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = '微信支付（演示）';
  frame.src = address;
  frame.addEventListener('load', () => frame.focus());
  return frame;
}

/** Shows the simulated cashier over the whole page. Messages from other origins are ignored. */
export const showPaymentSheet: ShowPaymentSheet = (payment) => {
  const wechat = simulatedWeChat();
  if (wechat === undefined) return Promise.resolve('failed');
  return new Promise((resolve) => {
    const finish = (outcome: PaymentOutcome): void => {
      window.removeEventListener('message', listen);
      overlay.close();
      resolve(outcome);
    };
    const listen = (event: MessageEvent<unknown>): void => {
      if (event.origin !== new URL(wechat).origin) return;
      const outcome = outcomeOf(event.data);
      if (outcome) finish(outcome);
    };
    const overlay = openOverlay({
      label: '微信支付（演示）',
      className: 'overlay-cashier',
      onEscape: () => finish('cancelled'),
    });
    window.addEventListener('message', listen);
    overlay.element.append(cashierFrame(cashierAddress(wechat, payment)));
  });
};
