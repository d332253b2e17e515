import { beijingDateTime, parseBeijing } from '@shared/beijing-time';
import { carrierSettlementDays } from '@shared/billing-month';
import type { Carrier } from '@shared/carrier-status';
import { packageValidity } from './package-validity';
import type { Effective } from './package-validity';
import { createSettlementDays } from './settlement-days';

const MINUTE = 60_000;
const at = (text: string): number => parseBeijing(text) ?? Number.NaN;

test.each<[Carrier, string, Effective, number, string, string]>([
  ['unicom', '2026-09-27 10:00:00', 'now', 1, '2026-09-27 10:00:00', '2026-10-26 23:59:59'],
  ['unicom', '2026-09-26 23:59:59', 'now', 1, '2026-09-26 23:59:59', '2026-09-26 23:59:59'],
  ['unicom', '2026-09-25 10:00:00', 'nextMonth', 1, '2026-09-27 00:00:00', '2026-10-26 23:59:59'],
  ['unicom', '2026-12-30 10:00:00', 'now', 3, '2026-12-30 10:00:00', '2027-03-26 23:59:59'],
  ['mobile', '2026-09-30 10:00:00', 'now', 1, '2026-09-30 10:00:00', '2026-09-30 23:59:59'],
  ['mobile', '2026-08-31 23:58:00', 'nextMonth', 1, '2026-09-01 00:00:00', '2026-09-30 23:59:59'],
  ['telecom', '2028-01-31 10:00:00', 'nextMonth', 1, '2028-02-01 00:00:00', '2028-02-29 23:59:59'],
  ['telecom', '2026-11-05 10:00:00', 'now', 12, '2026-11-05 10:00:00', '2027-10-31 23:59:59'],
  ['unknown', '2026-09-27 10:00:00', 'now', 1, '2026-09-27 10:00:00', '2026-09-30 23:59:59'],
])('%s, ordered %s for %s, %s months: %s to %s', (carrier, now, when, months, from, until) => {
  const settlementDay = carrierSettlementDays[carrier];
  const validity = packageValidity(when, { months, settlementDay }, at(now));
  expect(beijingDateTime(validity.from)).toBe(from);
  expect(beijingDateTime(validity.until)).toBe(until);
});

/** The month and day of an instant in Beijing, by Intl and not by our own arithmetic. */
const beijing = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** The billing month of an instant as a number of months, from its date on a calendar. */
function billingMonthOf(carrier: Carrier, instant: number): number {
  const [year = 0, month = 0, day = 0] = beijing.format(instant).split(/\D/).map(Number);
  const isNextMonth = carrier === 'unicom' && day > 26;
  return year * 12 + month + (isNextMonth ? 1 : 0);
}

/** Every minute of four hours around each midnight that may end a billing month, from 2026 to 2027. */
function* minutesNearBoundaries(): Generator<number> {
  for (let month = 0; month < 24; month += 1) {
    for (const day of [1, 27]) {
      const midnight = Date.UTC(2026, month, day) - 8 * 60 * MINUTE;
      for (let minute = -120; minute < 120; minute += 1) yield midnight + minute * MINUTE;
    }
  }
}

test.each(['mobile', 'telecom', 'unicom'] as const)(
  'at every minute near every boundary of two years, %s starts in the right billing month and ends with one',
  (carrier) => {
    const settlementDay = carrierSettlementDays[carrier];
    const faults: string[] = [];
    for (const now of minutesNearBoundaries()) {
      const ordered = billingMonthOf(carrier, now);
      for (const months of [1, 3, 12]) {
        for (const when of ['now', 'nextMonth'] as const) {
          const { from, until } = packageValidity(when, { months, settlementDay }, now);
          const first = ordered + (when === 'nextMonth' ? 1 : 0);
          const isRight =
            billingMonthOf(carrier, from) === first &&
            (when === 'now' ? from === now : billingMonthOf(carrier, from - 1) === first - 1) &&
            billingMonthOf(carrier, until) === first + months - 1 &&
            billingMonthOf(carrier, until + 1) === first + months;
          if (!isRight) faults.push(`${beijing.format(now)} ${when} ${months}`);
        }
      }
    }
    expect(faults).toEqual([]);
  },
);

test('a settlement day of a package, a carrier on a platform, or a platform replaces the carrier’s', () => {
  const find = createSettlementDays(
    new Map([
      ['shingsou/130101', 20],
      ['shingsou:unicom', 25],
      ['dakashi', 10],
    ]),
  );
  const unicom = { platform: 'shingsou', carrier: 'unicom' } as const;
  expect(find({ ...unicom, packageId: '130101' })).toBe(20);
  expect(find({ ...unicom, packageId: '130102' })).toBe(25);
  expect(find({ platform: 'shingsou', carrier: 'mobile', packageId: '120101' })).toBe(31);
  expect(find({ platform: 'dakashi', carrier: 'mobile', packageId: '1' })).toBe(10);
  expect(find({ platform: 'other', carrier: 'unicom', packageId: '1' })).toBe(26);
});
