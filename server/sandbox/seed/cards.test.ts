import { carrierStatusTables, readCardStatus } from '@shared/carrier-status';
import { parseCardNumber } from '@shared/card-number';
import { usageOf } from '../card-usage';
import { makeCards } from './cards';
import { categories, products, productsFor } from './products';

const NOW = Date.UTC(2026, 4, 12, 3, 4, 5);
const cards = makeCards('seed', NOW);

test('the same seed makes the same two hundred cards, another seed others', () => {
  expect(cards).toHaveLength(200);
  expect(makeCards('seed', NOW)).toEqual(cards);
  expect(makeCards('seed 2', NOW)[0]?.iccid).not.toBe(cards[0]?.iccid);
});

test.each(Object.entries(carrierStatusTables))(
  'every status code of the %s table occurs, and one that is not in it',
  (carrier, rows) => {
    const codes = cards
      .filter((card) => card.carrier === carrier)
      .map(({ carrierCode }) => carrierCode);
    for (const { carrierCode } of rows) {
      const times = rows.filter((row) => row.carrierCode === carrierCode).length;
      expect(codes.filter((code) => code === carrierCode).length).toBeGreaterThanOrEqual(times);
    }
    const listed = rows.map((row): string => row.carrierCode);
    expect(codes.some((code) => !listed.includes(code))).toBe(true);
  },
);

test('most cards are healthy', () => {
  const active = cards.filter(
    ({ carrier, carrierCode }) => readCardStatus(carrier, carrierCode).code === 'active',
  );
  expect(active.length).toBeGreaterThan(120);
});

test('every number parses as its kind, and none occurs twice', () => {
  for (const { iccid, accessNumber } of cards) {
    expect(parseCardNumber(iccid)).toEqual({ kind: 'iccid', value: iccid });
    expect(parseCardNumber(accessNumber)).toEqual({ kind: 'accessNumber', value: accessNumber });
  }
  expect(new Set(cards.map(({ iccid }) => iccid)).size).toBe(200);
  expect(new Set(cards.map(({ accessNumber }) => accessNumber)).size).toBe(200);
});

test('one pair of cards shares the last ten characters of the ICCID', () => {
  expect(new Set(cards.map(({ iccid }) => iccid.slice(-10))).size).toBe(199);
});

test.each([
  ['mobile', /^8986(00|02|04|07)/],
  ['unicom', /^8986(01|06|09)/],
  ['telecom', /^8986(03|11)/],
])('%s ICCIDs start as that carrier’s do', (carrier, start) => {
  for (const card of cards.filter((one) => one.carrier === carrier)) {
    expect(card.iccid).toMatch(start);
  }
});

test('ICCIDs of both lengths and with a letter in seventh place, access numbers of both lengths', () => {
  const lengths = (texts: string[]) => new Set(texts.map(({ length }) => length));
  expect(lengths(cards.map(({ iccid }) => iccid))).toEqual(new Set([19, 20]));
  expect(lengths(cards.map(({ accessNumber }) => accessNumber))).toEqual(new Set([11, 13]));
  const lettered = cards.filter(({ iccid }) => /[A-F]/.test(iccid));
  expect(lettered.length).toBeGreaterThan(5);
  for (const { iccid } of lettered) expect(iccid).toMatch(/^\d{6}[A-F]\d+$/);
});

test('usage ranges from almost nothing to everything, and never exceeds the total', () => {
  const shares = cards
    .map((card) => usageOf(card, NOW))
    .filter(({ totalMb }) => totalMb > 0)
    .map(({ usedMb, totalMb }) => usedMb / totalMb);
  expect(Math.min(...shares)).toBeLessThan(0.02);
  expect(Math.max(...shares)).toBe(1);
});

test('some cards have no running package, are expired, or are not verified', () => {
  expect(cards.some((card) => usageOf(card, NOW).totalMb === 0)).toBe(true);
  expect(cards.some(({ expiresAt }) => expiresAt !== null && expiresAt < NOW)).toBe(true);
  expect(new Set(cards.map(({ realName }) => realName))).toEqual(new Set([0, 1, null]));
});

test('each card sees two to four categories of its carrier', () => {
  for (const { carrier, categoryIds } of cards) {
    expect(categoryIds.length).toBeGreaterThanOrEqual(2);
    expect(categoryIds.length).toBeLessThanOrEqual(4);
    for (const id of categoryIds) {
      expect(categories.find((category) => category.id === id)?.carrier).toBe(carrier);
    }
  }
});

test('categories hold four to six packages each, of every type, within usual prices', () => {
  for (const { id } of categories) {
    const held = products.filter(({ categoryId }) => categoryId === id);
    expect(held.length).toBeGreaterThanOrEqual(4);
    expect(held.length).toBeLessThanOrEqual(6);
  }
  expect(new Set(products.map(({ type }) => type))).toEqual(new Set([1, 2, 3, 4]));
  expect(new Set(products.map(({ id }) => id)).size).toBe(products.length);
  for (const { priceFen, volumeMb } of products) {
    expect(priceFen).toBeGreaterThanOrEqual(590);
    expect(priceFen).toBeLessThanOrEqual(19_900);
    expect(volumeMb).toBeGreaterThanOrEqual(500);
    expect(volumeMb).toBeLessThanOrEqual(200 * 1024);
  }
  const [card] = cards;
  expect(card && new Set(productsFor(card).map(({ type }) => type))).toEqual(new Set([1, 2, 3, 4]));
});
