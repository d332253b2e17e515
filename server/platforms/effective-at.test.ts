import { beijingDateTime, parseBeijing } from '@shared/beijing-time';
import { carrierSettlementDays, startOfBillingMonth } from '@shared/billing-month';
import type { Carrier } from '@shared/carrier-status';
import { effectiveAt } from './effective-at';
import { PlatformBusy } from './ports';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const at = (text: string): number => parseBeijing(text) ?? Number.NaN;

test.each<[Carrier, string, string, 'now' | 'nextMonth' | undefined]>([
  ['mobile', '2026-08-31 23:50:00', '2026-08-31 23:58:59', 'now'],
  ['mobile', '2026-08-31 23:50:00', '2026-09-01 00:00:00', undefined],
  ['mobile', '2026-09-01 00:00:00', '2026-08-31 23:58:59', 'nextMonth'],
  ['mobile', '2026-09-01 00:00:00', '2026-09-01 00:01:00', 'now'],
  ['mobile', '2026-09-01 00:00:00', '2026-10-01 00:00:00', undefined],
  ['mobile', '2026-10-01 00:00:00', '2026-08-31 23:58:59', undefined],
  ['unicom', '2026-09-27 00:00:00', '2026-09-26 23:58:59', 'nextMonth'],
  ['unicom', '2026-09-27 00:00:00', '2026-09-27 00:00:00', 'now'],
  ['unicom', '2026-09-26 23:50:00', '2026-09-27 00:00:00', undefined],
])('%s, starting %s, asked at %s: %s', (carrier, from, now, expected) => {
  const start = { effectiveFrom: at(from), settlementDay: carrierSettlementDays[carrier] };
  expect(effectiveAt(start, at(now))).toBe(expected);
});

test('nothing is sent in the last minute of a billing month', () => {
  const start = { effectiveFrom: at('2026-09-10'), settlementDay: carrierSettlementDays.unicom };
  expect(() => effectiveAt(start, at('2026-09-26 23:59:00'))).toThrow(PlatformBusy);
  expect(() => effectiveAt(start, at('2026-09-26 23:59:59'))).toThrow(PlatformBusy);
  expect(effectiveAt(start, at('2026-09-26 23:58:59'))).toBe('now');
});

/** What a platform does with a relative start that it receives. */
function monthDelivered(effective: 'now' | 'nextMonth', day: number, receivedAt: number): number {
  return startOfBillingMonth(receivedAt, day, effective === 'now' ? 0 : 1);
}

test.each(['mobile', 'telecom', 'unicom'] as const)(
  'whenever it was ordered and is sent near a boundary, %s delivers the billing month that was shown, or nothing is sent',
  (carrier) => {
    const settlementDay = carrierSettlementDays[carrier];
    const counts = { sent: 0, refused: 0, busy: 0 };
    const wrong: string[] = [];
    for (let month = 0; month < 24; month += 1) {
      const boundary = startOfBillingMonth(Date.UTC(2026, month, 10), settlementDay, 1);
      for (let ordered = -60; ordered < 60; ordered += 1) {
        const orderedAt = boundary + ordered * MINUTE;
        for (const when of ['now', 'nextMonth'] as const) {
          const from =
            when === 'now' ? orderedAt : startOfBillingMonth(orderedAt, settlementDay, 1);
          for (const delay of [0, 45 * SECOND, MINUTE, 10 * MINUTE, 70 * MINUTE]) {
            const sentAt = orderedAt + delay;
            try {
              const sent = effectiveAt({ effectiveFrom: from, settlementDay }, sentAt);
              if (sent === undefined) {
                counts.refused += 1;
                continue;
              }
              counts.sent += 1;
              // Request and retries take up to 20 seconds, and the network may delay the last one.
              for (const travel of [0, 20 * SECOND, 59 * SECOND]) {
                const delivered = monthDelivered(sent, settlementDay, sentAt + travel);
                if (delivered !== startOfBillingMonth(from, settlementDay))
                  wrong.push(`${when} ${beijingDateTime(orderedAt)} + ${String(delay)}`);
              }
            } catch (error) {
              if (!(error instanceof PlatformBusy)) throw error;
              counts.busy += 1;
            }
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(counts.sent).toBeGreaterThan(20_000);
    expect(counts.refused).toBeGreaterThan(1_000);
    expect(counts.busy).toBeGreaterThan(0);
  },
);
