import { notificationId } from '../ids';
import { queueNotification, type NotificationFormat } from '../notifications';
import type { NotificationEvent, PlatformOrder } from '../state';
import type { Simulator } from '../simulator';

/** Notifies the merchant of an event of an order. */
export type Notify = (order: PlatformOrder, event: NotificationEvent, at: number) => void;

export function createNotify(simulator: Simulator): Notify {
  return (order, event, at) =>
    queueNotification(simulator, at, {
      id: notificationId(),
      channel: 'shingsou',
      event,
      outTradeNo: order.outTradeNo,
      orderNo: order.orderNo,
      content: null,
      url: order.notifyUrl,
    });
}

/** 旭宇's notification: what happened and to which order, unsigned; `{"code":200}` acknowledges it. */
export const unsignedNotificationFormat: NotificationFormat = {
  toRequest({ event, outTradeNo, orderNo }) {
    return { headers: {}, body: JSON.stringify({ event, outTradeNo, orderNo }) };
  },
  isAcknowledgement({ status, body }) {
    if (status !== 200) return false;
    try {
      const answer: unknown = JSON.parse(body);
      return (
        typeof answer === 'object' && answer !== null && 'code' in answer && answer.code === 200
      );
    } catch {
      return false;
    }
  },
};
