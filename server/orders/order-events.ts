import type { OrderState } from '@shared/order-state';
import { orderStateTexts } from '@shared/order-state';
import type { Language, Text } from '@shared/language';

/** Things that happen to an order besides a change of state. */
const noticeTexts = {
  placed: { 'zh-CN': '提交订单', en: 'Order placed' },
  cancelRequested: { 'zh-CN': '申请取消', en: 'Cancellation asked for' },
  cancelWithdrawn: { 'zh-CN': '撤回取消，继续支付', en: 'Cancellation withdrawn' },
} as const satisfies Record<string, Text>;

type Notice = keyof typeof noticeTexts;

/** An event's type: a notice, or the state that was entered. */
export type OrderEventType = Notice | OrderState;

function isNotice(type: string): type is Notice {
  return type in noticeTexts;
}

function isState(type: string): type is OrderState {
  return type in orderStateTexts;
}

/** What an event is called. */
export function eventLabel(type: string, language: Language): string {
  if (isNotice(type)) return noticeTexts[type][language];
  return isState(type) ? orderStateTexts[type].label[language] : type;
}
