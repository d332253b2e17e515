import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { beijingDateTime } from '@shared/beijing-time';

/** `20260131093005` in Beijing time. */
function compactTime(at: number): string {
  return beijingDateTime(at).replace(/\D/g, '');
}

function randomDigits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

/** A token of `bytes` random bytes. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** An order number of the platform: time and random digits. */
export function platformOrderNumber(at: number): string {
  return `XY${compactTime(at)}${randomDigits(8)}`;
}

/** Another number of 旭宇's: a prefix, time and random digits. */
export function shingsouNumber(prefix: string, at: number): string {
  return `${prefix}${compactTime(at)}${randomDigits(6)}`;
}

/** Alipay's trade number: the date, 22 and digits, 28 in all. */
export function alipayTradeNumber(at: number): string {
  return `${compactTime(at).slice(0, 8)}22${randomDigits(18)}`;
}

/** WeChat's transaction number: 28 digits from 42000 on, the date among them. */
export function transactionNumber(at: number): string {
  return `42000${randomDigits(5)}${compactTime(at).slice(0, 8)}${randomDigits(10)}`;
}

/** WeChat's prepay id: `wx`, the time and random characters; 36 characters. */
export function prepayNumber(at: number): string {
  return `wx${compactTime(at)}${randomBytes(10).toString('hex')}`;
}

export function notificationId(): string {
  return randomBytes(12).toString('hex');
}

/** WeChat's refund number: 503 and 26 digits more, the date among them. */
export function refundNumber(at: number): string {
  return `503${randomDigits(8)}${compactTime(at).slice(0, 8)}${randomDigits(10)}`;
}

/** The id of a notification of API v3. */
export function payNotificationId(): string {
  return randomUUID();
}
