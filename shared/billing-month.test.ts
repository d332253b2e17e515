import * as fc from 'fast-check';
import { parseBeijing, beijingDateTime } from './beijing-time';
import { carrierSettlementDays, endOfBillingMonth, startOfBillingMonth } from './billing-month';

const at = (text: string): number => parseBeijing(text) ?? Number.NaN;
const { mobile, telecom, unicom } = carrierSettlementDays;

test.each([
  [unicom, '2026-09-26 23:59:59', 0, '2026-08-27 00:00:00', '2026-09-26 23:59:59'],
  [unicom, '2026-09-27 00:00:00', 0, '2026-09-27 00:00:00', '2026-10-26 23:59:59'],
  [unicom, '2026-09-25 12:00:00', 1, '2026-09-27 00:00:00', '2026-10-26 23:59:59'],
  [unicom, '2027-01-01 00:00:00', 0, '2026-12-27 00:00:00', '2027-01-26 23:59:59'],
  [unicom, '2027-02-27 00:00:00', 0, '2027-02-27 00:00:00', '2027-03-26 23:59:59'],
  [unicom, '2028-02-29 12:00:00', 0, '2028-02-27 00:00:00', '2028-03-26 23:59:59'],
  [mobile, '2026-09-30 23:59:59', 0, '2026-09-01 00:00:00', '2026-09-30 23:59:59'],
  [mobile, '2026-09-30 23:59:59', 1, '2026-10-01 00:00:00', '2026-10-31 23:59:59'],
  [telecom, '2028-02-10 12:00:00', 0, '2028-02-01 00:00:00', '2028-02-29 23:59:59'],
  [telecom, '2026-12-31 23:59:59', 1, '2027-01-01 00:00:00', '2027-01-31 23:59:59'],
  [1, '2026-09-01 23:59:59', 0, '2026-08-02 00:00:00', '2026-09-01 23:59:59'],
  [28, '2026-03-01 00:00:00', 0, '2026-03-01 00:00:00', '2026-03-28 23:59:59'],
  [28, '2028-03-01 00:00:00', 0, '2028-02-29 00:00:00', '2028-03-28 23:59:59'],
])('settled on day %s, at %s plus %s months: %s to %s', (day, instant, offset, start, end) => {
  expect(beijingDateTime(startOfBillingMonth(at(instant), day, offset))).toBe(start);
  expect(beijingDateTime(endOfBillingMonth(at(instant), day, offset))).toBe(end);
});

/** Walks day by day, as a person with a calendar does. */
function isSettled(instant: number, settlementDay: number): boolean {
  const [day, tomorrow] = [instant, instant + 24 * 60 * 60_000].map((one) =>
    Number(beijingDateTime(one).slice(8, 10)),
  );
  return settlementDay === 31 ? tomorrow === 1 : day === settlementDay;
}

test('a billing month ends on the first settlement day, and the next one begins right after it', () => {
  const day = fc.oneof(fc.integer({ min: 1, max: 28 }), fc.constant(31));
  const instant = fc.integer({ min: at('2020-01-01'), max: at('2040-01-01') });
  fc.assert(
    fc.property(day, instant, (settlementDay, now) => {
      const start = startOfBillingMonth(now, settlementDay);
      const end = endOfBillingMonth(now, settlementDay);
      expect(start).toBeLessThanOrEqual(now);
      expect(end).toBeGreaterThanOrEqual(now);
      expect(startOfBillingMonth(end + 1, settlementDay)).toBe(end + 1);
      expect(startOfBillingMonth(now, settlementDay, 1)).toBe(end + 1);
      let first = start;
      while (!isSettled(first, settlementDay)) first += 24 * 60 * 60_000;
      expect(first + 24 * 60 * 60_000 - 1).toBe(end);
    }),
  );
});
