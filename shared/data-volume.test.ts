import fc from 'fast-check';
import { formatVolume } from './data-volume';

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
