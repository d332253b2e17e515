import fc from 'fast-check';
import {
  beijingDate,
  beijingDateTime,
  endOfBeijingMonth,
  parseBeijing,
  startOfBeijingMonth,
} from './beijing-time';

const DAY = 24 * 60 * 60_000;
const at = (text: string) => Date.parse(text);
const instants = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2090-01-01T00:00:00Z') });
const offsets = fc.integer({ min: -36, max: 36 });

test.each([
  ['2026-01-31T15:59:59.999Z', '2026-01-31'],
  ['2026-01-31T16:00:00Z', '2026-02-01'],
  ['2028-02-28T16:00:00Z', '2028-02-29'],
])('%s is %s in Beijing', (instant, date) => {
  expect(beijingDate(at(instant))).toBe(date);
});

test.each([
  ['in the middle of a month', '2026-11-21T10:00:00Z', 0, '2026-10-31T16:00:00Z'],
  ['in its first instant', '2026-10-31T16:00:00Z', 0, '2026-10-31T16:00:00Z'],
  ['a moment before it', '2026-10-31T15:59:59.999Z', 0, '2026-09-30T16:00:00Z'],
  ['over the end of a year', '2026-12-05T00:00:00Z', 1, '2026-12-31T16:00:00Z'],
  ['a year on', '2026-12-05T00:00:00Z', 12, '2027-11-30T16:00:00Z'],
  ['backwards over a year', '2026-01-05T00:00:00Z', -1, '2025-11-30T16:00:00Z'],
])('a month starts at midnight in Beijing: %s', (_, instant, offset, start) => {
  expect(startOfBeijingMonth(at(instant), offset)).toBe(at(start));
});

test('a leap February has 29 days', () => {
  const start = startOfBeijingMonth(at('2028-02-10T00:00:00Z'));
  expect(endOfBeijingMonth(at('2028-02-10T00:00:00Z')) + 1 - start).toBe(29 * DAY);
});

test('every instant is in its month, and there are no gaps between months', () => {
  fc.assert(
    fc.property(instants, offsets, (instant, offset) => {
      expect(startOfBeijingMonth(instant)).toBeLessThanOrEqual(instant);
      expect(endOfBeijingMonth(instant)).toBeGreaterThanOrEqual(instant);
      expect(endOfBeijingMonth(instant, offset) + 1).toBe(startOfBeijingMonth(instant, offset + 1));
    }),
  );
});

test('a formatted instant is parsed as the same second', () => {
  fc.assert(
    fc.property(instants, (instant) => {
      const second = Math.floor(instant / 1000) * 1000;
      expect(parseBeijing(beijingDateTime(instant))).toBe(second);
      expect(parseBeijing(beijingDateTime(instant).replace(' ', 'T'))).toBe(second);
    }),
  );
});

test('a date without a time is its first instant', () => {
  expect(parseBeijing('2026-11-21')).toBe(at('2026-11-20T16:00:00Z'));
});

test.each([
  '',
  '2026-02-30',
  '2026-13-01',
  '2026-00-10',
  '2026-11-21 24:00:00',
  '2026-11-21 10:60:00',
  '2026-11-21 10:00',
  '2026-11-21T10:00:00Z',
  '2026-11-21T10:00:00+08:00',
  '26-11-21',
  '2026/11/21',
  ' 2026-11-21',
  '0000-00-00',
  '２０２６-11-21',
])('%p is not a date', (text) => {
  expect(parseBeijing(text)).toBeUndefined();
});

test('parsing never throws', () => {
  const parts = fc.array(fc.constantFrom(...Array.from('0123456789-: T')), { maxLength: 19 });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        parts.map((p) => p.join('')),
      ),
      (text) => {
        const instant = parseBeijing(text);
        if (instant !== undefined) expect(Number.isFinite(instant)).toBe(true);
      },
    ),
  );
});
