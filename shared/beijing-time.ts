/**
 * Calendar arithmetic in Beijing time (UTC+8, no daylight saving), in which the carriers bill.
 * Instants are epoch milliseconds. No function reads the clock.
 */
const OFFSET_MS = 8 * 60 * 60 * 1000;

interface CalendarMonth {
  year: number;
  /** 0 for January; values outside 0 to 11 are months of other years. */
  month: number;
}

function calendarMonth(instant: number): CalendarMonth {
  const shifted = new Date(instant + OFFSET_MS);
  return { year: shifted.getUTCFullYear(), month: shifted.getUTCMonth() };
}

/** The first instant of the Beijing month that is `offset` months after that of `instant`. */
export function startOfBeijingMonth(instant: number, offset = 0): number {
  const { year, month } = calendarMonth(instant);
  return Date.UTC(year, month + offset, 1) - OFFSET_MS;
}

/** The last millisecond of the Beijing month that is `offset` months after that of `instant`. */
export function endOfBeijingMonth(instant: number, offset = 0): number {
  return startOfBeijingMonth(instant, offset + 1) - 1;
}

/** The Beijing date of an instant, as `YYYY-MM-DD`. */
export function beijingDate(instant: number): string {
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 10);
}

/** Date and time of an instant in Beijing, as `YYYY-MM-DD HH:mm:ss`. */
export function beijingDateTime(instant: number): string {
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?$/;

/**
 * Parses `YYYY-MM-DD` (as its first instant) or `YYYY-MM-DD HH:mm:ss` in Beijing time.
 * @returns undefined if the text has another format or is no valid date
 */
export function parseBeijing(text: string): number | undefined {
  const match = LOCAL.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  const instant = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second) - OFFSET_MS;
  const written = beijingDateTime(instant);
  return written.startsWith(text.replace('T', ' ')) ? instant : undefined;
}
