import fc from 'fast-check';
import { fen, formatYuan, parseBalance, parseCost, parseYuan } from './money';

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
  ['18.000', 1_800],
  ['18.0', 1_800],
  [18, 1_800],
  [0.1, 10],
  [8.2, 820],
  ['1,000', 100_000],
  ['1,024.38', 102_438],
  ['12,345,678.90', 1_234_567_890],
  ['1e3', 100_000],
  ['1.8E1', 1_800],
  ['1800e-2', 1_800],
  [1e-2, 1],
  ['18.005', undefined],
  [18.005, undefined],
  [17.999999999999996, undefined],
  [1e21, undefined],
  [NaN, undefined],
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
  '10,24',
  '1,0000',
  ',100',
  '1e',
  '1e31',
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

// What a platform writes; as a price, as a balance and as a cost in fen.
test.each<[string | number, number | undefined, number | undefined, number | undefined]>([
  ['80.19999999999999', undefined, 8_019, 8_020],
  [80.19999999999999, undefined, 8_019, 8_020],
  ['1024.385', undefined, 102_438, 102_439],
  ['1,024.38', 102_438, 102_438, 102_438],
  ['1e3', 100_000, 100_000, 100_000],
  [1e3, 100_000, 100_000, 100_000],
  ['0.001', undefined, 0, 1],
  ['0.000', 0, 0, 0],
  ['-1', undefined, 0, undefined],
  ['-0.004', undefined, 0, undefined],
  ['-0', 0, 0, 0],
  ['1e-7', undefined, 0, 1],
  ['9007199254740993', undefined, undefined, undefined],
  ['NaN', undefined, undefined, undefined],
  ['', undefined, undefined, undefined],
  ['--1', undefined, undefined, undefined],
])('%p yuan is a price of %p, a balance of %p and a cost of %p', (text, price, balance, cost) => {
  expect([parseYuan(text), parseBalance(text), parseCost(text)]).toEqual([price, balance, cost]);
});

const milliYuan = fc.integer({ min: 0, max: 1e12 });

test('a balance is cut down and a cost rounded up, by less than one fen', () => {
  fc.assert(
    fc.property(milliYuan, (amount) => {
      const text = `${String(Math.floor(amount / 1000))}.${String(amount % 1000).padStart(3, '0')}`;
      expect(parseBalance(text)).toBe(Math.floor(amount / 10));
      expect(parseCost(text)).toBe(Math.ceil(amount / 10));
      expect(parseYuan(text)).toBe(amount % 10 === 0 ? amount / 10 : undefined);
    }),
  );
});
