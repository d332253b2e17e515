import fc from 'fast-check';
import { fen, formatYuan, parseYuan } from './money';

const amounts = fc.integer({ min: 0, max: 99_999_999_999_999 });

test('every formatted amount is parsed as the same amount', () => {
  fc.assert(
    fc.property(amounts, (amount) => {
      expect(parseYuan(formatYuan(fen(amount)))).toBe(amount);
    }),
  );
});

test('a formatted amount has two decimals, and its digits are the fen', () => {
  fc.assert(
    fc.property(amounts, (amount) => {
      const text = formatYuan(fen(amount));
      expect(text).toMatch(/^(0|[1-9]\d*)\.\d{2}$/);
      expect(Number(text.replace('.', ''))).toBe(amount);
    }),
  );
});

test.each([
  ['0', 0],
  ['18', 1_800],
  ['18.5', 1_850],
  ['18.05', 1_805],
  ['0.01', 1],
  // Amounts for which floating-point arithmetic in yuan is wrong by one fen.
  ['1.15', 115],
  ['4.35', 435],
  ['8.2', 820],
  ['1.005', undefined],
  ['999999999999.99', 99_999_999_999_999],
  ['1000000000000.00', undefined],
])('%s yuan is %p fen', (text, amount) => {
  expect(parseYuan(text)).toBe(amount);
});

test.each([
  '',
  ' ',
  '-1',
  '+1',
  '1.',
  '.5',
  '1,000',
  '1e3',
  '¥18',
  '18元',
  '１８',
  'NaN',
  '1.2.3',
  '1\n',
])('%p is not a price', (text) => {
  expect(parseYuan(text)).toBeUndefined();
});

test('parsing never throws, and a price is always a whole number of fen', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.double().map(String)), (text) => {
      const amount = parseYuan(text);
      if (amount !== undefined) expect(Number.isSafeInteger(amount)).toBe(true);
    }),
  );
});

test.each([-1, 0.5, NaN, Infinity, 2 ** 53])('%p is not an amount in fen', (amount) => {
  expect(() => fen(amount)).toThrow(RangeError);
});
