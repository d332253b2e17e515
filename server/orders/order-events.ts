import type { Language, LocalizedText } from '@shared/language';
import type { OrderState } from '@shared/order-state';
import { orderStateTexts } from '@shared/order-state';

/** Events that are not a change of state. */
const nonStateEventTexts = {
  placed: { 'zh-CN': '提交订单', en: 'Order placed' },
  cancelRequested: { 'zh-CN': '申请取消', en: 'Cancellation requested' },
  cancelWithdrawn: { 'zh-CN': '撤回取消，继续支付', en: 'Cancellation withdrawn' },
  paidTwice: {
    'zh-CN': '重复付款，多付的款项将原路退回',
    en: 'Paid twice; the second payment is refunded',
  },
  refundAsked: { 'zh-CN': '发起退款', en: 'Refund requested' },
  refundSettled: { 'zh-CN': '商家已另行退款', en: 'Refunded by the shop in another way' },
  refundPaid: { 'zh-CN': '退款已到账', en: 'Refund paid' },
} as const satisfies Record<string, LocalizedText>;

type NonStateEvent = keyof typeof nonStateEventTexts;

/** An event's type; for a change of state, the new state. */
export type OrderEventType = NonStateEvent | OrderState;

function isNonStateEvent(type: string): type is NonStateEvent {
  return type in nonStateEventTexts;
}

function isState(type: string): type is OrderState {
  return type in orderStateTexts;
}

/** An amount at the start of an event's detail is shown to the customer as well. */
const AMOUNT = /^¥\d+\.\d{2}/;

/** An event's label, with the amount it is about. */
export function eventLabel(
  { type, detail }: { type: string; detail: string | null },
  language: Language,
): string {
  if (isNonStateEvent(type)) {
    const amount = AMOUNT.exec(detail ?? '')?.[0];
    return [nonStateEventTexts[type][language], amount].filter(Boolean).join(' ');
  }
  return isState(type) ? orderStateTexts[type].label[language] : type;
}
