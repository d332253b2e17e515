import fc from 'fast-check';
import { formatVolume, parseMegabytes } from './data-volume';

test.each([
  [0, '0', 'MB'],
  [0.001, '0.01', 'MB'],
  [0.5, '0.5', 'MB'],
  [500, '500', 'MB'],
  [1023.999, '1023.99', 'MB'],
  [1024, '1', 'GB'],
  [1536, '1.5', 'GB'],
  [30 * 1024, '30', 'GB'],
  [11_673.6, '11.4', 'GB'],
  [200 * 1024 - 0.01, '199.99', 'GB'],
])('%p MB is shown as %s %s', (megabytes, value, unit) => {
  expect(formatVolume(megabytes)).toEqual({ value, unit });
});

test('a volume is never overstated, and never shown as 0 if it is above zero', () => {
  const volumes = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(volumes, (megabytes) => {
      const { value, unit } = formatVolume(megabytes);
      expect(value).toMatch(/^\d+(\.\d{1,2})?$/);
      const shown = Number(value) * (unit === 'GB' ? 1024 : 1);
      if (megabytes >= 0.01) expect(shown).toBeLessThanOrEqual(megabytes + 1e-6);
      expect(shown > 0).toBe(megabytes > 0);
    }),
  );
});

test.each([
  [8396.8, '8.2', '8.2', 'GB'],
  [1177.6, '1.15', '1.15', 'GB'],
  [4.096, '4.09', '4.1', 'MB'],
  [1023.996, '1023.99', '1', 'GB'],
  [0.004, '0.01', '0.01', 'MB'],
  [1e-7, '0.01', '0.01', 'MB'],
  [1e9, '976562.5', '976562.5', 'GB'],
])('%p MB is shown as %s left, and as %s %s in total', (megabytes, left, total, unit) => {
  expect(formatVolume(megabytes).value).toBe(left);
  expect(formatVolume(megabytes, 'nearest')).toEqual({ value: total, unit });
});

test.each<[string | number, number | undefined]>([
  [8396.8, 8396.8],
  ['8396.8', 8396.8],
  ['8,396.80', 8396.8],
  ['1.1776e3', 1177.6],
  ['-1', -1],
  [-1, -1],
  ['0', 0],
  [1e9, 1e9],
  [1e10, undefined],
  [1e300, undefined],
  [NaN, undefined],
  [Infinity, undefined],
  ['', undefined],
  ['2GB', undefined],
])('the volume %p is read as %p MB', (value, megabytes) => {
  expect(parseMegabytes(value)).toBe(megabytes);
});

const hundredths = fc.integer({ min: 0, max: 102_399 });

test('a volume with two decimals is shown exactly, in any unit', () => {
  fc.assert(
    fc.property(hundredths, fc.constantFrom('down', 'nearest'), (amount, rounding) => {
      const decimal = amount / 100;
      expect(Number(formatVolume(decimal, rounding).value)).toBe(decimal);
      if (amount < 100) return;
      const gigabytes = parseMegabytes(String(decimal * 1024));
      expect(formatVolume(gigabytes!, rounding)).toEqual({ value: String(decimal), unit: 'GB' });
    }),
  );
});

test('a larger volume is never shown as a smaller one', () => {
  const volumes = fc.double({ min: 0, max: 1e9, noNaN: true });
  const shownMb = (megabytes: number, rounding: 'down' | 'nearest') => {
    const { value, unit } = formatVolume(megabytes, rounding);
    return Number(value) * (unit === 'GB' ? 1024 : 1);
  };
  fc.assert(
    fc.property(volumes, volumes, fc.constantFrom('down', 'nearest'), (one, other, rounding) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(shownMb(less, rounding)).toBeLessThanOrEqual(shownMb(more, rounding));
      expect(shownMb(less, 'down')).toBeLessThanOrEqual(shownMb(less, 'nearest'));
    }),
  );
});
