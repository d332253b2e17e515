import { beijingDate, parseBeijing } from '@shared/beijing-time';

const MINUTE = 60_000;
export const DAY_MS = 24 * 60 * MINUTE;

/** How many days back a day is still compared. WeChat keeps bills for three months (申请交易账单, 注意事项). */
export const MAX_DAYS_BACK = 31;

/**
 * When the bill of a day is available, in ms after the day's start: WeChat generates it from 9 a.m. of the
 * next day on and recommends to download it after 10 a.m. (申请交易账单, 注意事项).
 */
const BILL_AVAILABLE_AFTER_MS = DAY_MS + 10 * 60 * MINUTE + 15 * MINUTE;

/** Noon of the next day, and a quarter of an hour for the attempt that is made then, in ms after the day's start. */
const BILL_LATE_AFTER_MS = DAY_MS + 12 * 60 * MINUTE + 15 * MINUTE;

/** The Beijing day (YYYY-MM-DD) `offset` days after `day`. @throws RangeError if `day` is not a day */
export function addDays(day: string, offset: number): string {
  return beijingDate(startOfDay(day) + offset * DAY_MS);
}

/** The start of a Beijing day, epoch ms. @throws RangeError if `day` is not a day */
export function startOfDay(day: string): number {
  const start = isDay(day) ? parseBeijing(day) : undefined;
  if (start === undefined) throw new RangeError('not a calendar day');
  return start;
}

/** Whether a text is a calendar day, as `YYYY-MM-DD`. */
function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseBeijing(text) !== undefined;
}

/** When a day can be compared for the first time, epoch ms. */
export function comparableFrom(day: string): number {
  return startOfDay(day) + BILL_AVAILABLE_AFTER_MS;
}

/** When a day that is not compared yet needs a person, epoch ms: a few hours after its bill was due. */
export function lateFrom(day: string): number {
  return startOfDay(day) + BILL_LATE_AFTER_MS;
}
