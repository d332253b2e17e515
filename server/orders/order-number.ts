import { randomInt } from 'node:crypto';
import { beijingDateTime } from '@shared/beijing-time';

/**
 * A new order number: `LK`, Beijing date and time for people who read it, and ten random digits.
 * 26 characters of `[0-9A-Z]`; WeChat Pay accepts 6 to 32 (JSAPI下单, out_trade_no).
 * @param now epoch ms
 */
export function newOrderNumber(now: number): string {
  const time = beijingDateTime(now).replace(/\D/g, '');
  const random = String(randomInt(10 ** 10)).padStart(10, '0');
  return `LK${time}${random}`;
}

const OWN_ORDER_NUMBER = /^LK\d{24}$/;

/** Whether an order number can be ours: other shops may use the same merchant account. */
export function isOwnOrderNumber(orderNumber: string): boolean {
  return OWN_ORDER_NUMBER.test(orderNumber);
}
