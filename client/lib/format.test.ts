import { groupByFours, formatMasked, shortDateTime, remainingShare } from './format';

test('a card number is written in groups of four', () => {
  expect(groupByFours('8986036122441783557')).toBe('8986 0361 2244 1783 557');
  expect(groupByFours('89860361224417835570')).toBe('8986 0361 2244 1783 5570');
});

test('a masked number keeps its visible ends', () => {
  expect(groupByFours('898603•••••••••3557')).toBe('898603 **** 3557');
  expect(formatMasked('1064905100320')).toBe('1064905100320');
});

test('an instant of today is shown as its time, any other with its date', () => {
  const now = Date.parse('2026-11-22T03:00:00Z');
  expect(shortDateTime('2026-11-22T02:24:00Z', now)).toBe('10:24');
  expect(shortDateTime('2026-11-21T15:59:00Z', now)).toBe('11-21 23:59');
});

test.each([
  [null, 0],
  [{ totalMb: 0, usedMb: 0, remainingMb: 0 }, 0],
  [{ totalMb: 100, usedMb: 75, remainingMb: 25 }, 0.25],
  [{ totalMb: 100, usedMb: 120, remainingMb: -20 }, 0],
  [{ totalMb: 100, usedMb: 0, remainingMb: 130 }, 1],
])('the remaining share of %j is %d', (usage, share) => {
  expect(remainingShare(usage && { ...usage, asOf: '2026-11-22T02:24:00Z' })).toBe(share);
});
