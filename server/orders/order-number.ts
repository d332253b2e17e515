import { beijingDateTime } from '@shared/beijing-time';
import { randomInt } from 'node:crypto';

/**
 * A new order number: Beijing date and time, so that people can place it, and ten random digits.
 * 26 characters of `[0-9A-Z]`; the payment channel takes 6 to 32 (WeChat Pay, out_trade_no).
 */
export function newOrderNumber(now: number): string {
  const time = beijingDateTime(now).replace(/\D/g, '');
  const random = String(randomInt(10 ** 10)).padStart(10, '0');
  return `LK${time}${random}`;
}
