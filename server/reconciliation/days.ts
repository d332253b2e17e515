import { beijingDate, parseBeijing } from '@shared/beijing-time';

const MINUTE = 60_000;
export const DAY_MS = 24 * 60 * MINUTE;

/** How many days back a day is still compared: WeChat keeps bills for three months, people do not wait so long. */
export const MAX_DAYS_BACK = 31;

/**
 * When the bill of a day can be had: WeChat makes it from nine in the morning of the next day on and
 * advises to fetch it after ten (申请交易账单, 注意事项).
 */
const BILL_AVAILABLE_AFTER_MS = DAY_MS + 10 * 60 * MINUTE + 15 * MINUTE;

/** The Beijing day (YYYY-MM-DD) that is `offset` days after another. @throws RangeError unless it is a day */
export function addDays(day: string, offset: number): string {
  return beijingDate(startOfDay(day) + offset * DAY_MS);
}

/** The first instant of a Beijing day, epoch ms. @throws RangeError unless it is a day */
export function startOfDay(day: string): number {
  const start = isDay(day) ? parseBeijing(day) : undefined;
  if (start === undefined) throw new RangeError('not a calendar day');
  return start;
}

/** Whether a text is a day of the calendar, as `YYYY-MM-DD`. */
function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseBeijing(text) !== undefined;
}

/** From when on (epoch ms) a day can be compared. */
export function comparableFrom(day: string): number {
  return startOfDay(day) + BILL_AVAILABLE_AFTER_MS;
}
