import fc from 'fast-check';
import { divideDecimal, formatDecimal, parseDecimal } from './decimal';

function reformat(value: string | number): string | undefined {
  const decimal = parseDecimal(value);
  return decimal && formatDecimal(decimal);
}

test.each<[string | number, string | undefined]>([
  ['18', '18'],
  ['018.50', '18.5'],
  ['-0.50', '-0.5'],
  ['-0', '0'],
  ['1,024.38', '1024.38'],
  ['1e3', '1000'],
  ['1.5e-3', '0.0015'],
  ['12.345e1', '123.45'],
  ['12.345e4', '123450'],
  ['123e-2', '1.23'],
  [1e21, '1000000000000000000000'],
  [1e-7, '0.0000001'],
  [80.19999999999999, '80.19999999999999'],
  ['1e999', undefined],
  ['1'.repeat(65), undefined],
  ['+1', undefined],
  ['.5', undefined],
  ['1.', undefined],
  ['10,24', undefined],
  ['1,02', undefined],
  [' 1', undefined],
  ['0x10', undefined],
  [Infinity, undefined],
])('%p is the decimal %p', (value, text) => {
  expect(reformat(value)).toBe(text);
});

const digits = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const decimals = fc.integer({ min: 0, max: 12 });

test('a formatted decimal is parsed as the same decimal', () => {
  fc.assert(
    fc.property(digits, decimals, fc.boolean(), (amount, places, isNegative) => {
      const text = reformat(`${isNegative ? '-' : ''}${String(amount)}e-${String(places)}`)!;
      expect(text).toMatch(/^(?!-0$)-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
      expect(reformat(text)).toBe(text);
    }),
  );
});

test('a JSON number is read as the decimal that it was written as', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e14 }), decimals, (amount, places) => {
      const text = `${String(amount)}e-${String(places)}`;
      expect(reformat(JSON.parse(text) as number)).toBe(reformat(text));
    }),
  );
});

test('a quotient is cut off, never rounded up', () => {
  fc.assert(
    fc.property(digits, fc.integer({ min: 1, max: 1e6 }), (amount, divisor) => {
      const quotient = (BigInt(amount) * 100n) / BigInt(divisor);
      const cut = formatDecimal(divideDecimal(parseDecimal(amount)!, divisor, 2));
      expect(reformat(`${String(quotient)}e-2`)).toBe(cut);
    }),
  );
});
