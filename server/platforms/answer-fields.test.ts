import { dayOrNull, megabytesOrNull, nameText, optionalPart, timeOrNull } from './answer-fields';
import { elementsOf, oddElements } from './elements';
import { z } from 'zod';

const REFUSED = 'refused';

function read(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  return result.success ? result.data : REFUSED;
}

test.each([
  ['2026-12-31', '2026-12-31', '2026-12-31'],
  ['2026-12-31 23:59:59', '2026-12-31', '2026-12-31 23:59:59'],
  ['2026-12-31T23:59:59.000', '2026-12-31', '2026-12-31 23:59:59'],
  ['2026-12-31 23:59', '2026-12-31', '2026-12-31 23:59:00'],
  [' 2026-12-31\t', '2026-12-31', '2026-12-31'],
  ['', null, null],
  [null, null, null],
  ['0000-00-00', null, null],
  ['0000-00-00 00:00:00', null, null],
  ['0001-01-01', null, null],
  ['0001-01-01T00:00:00', null, null],
  ['2026-02-30', REFUSED, REFUSED],
  ['2026-12-31 24:61:00', REFUSED, REFUSED],
  ['31.12.2026', REFUSED, REFUSED],
  [20261231, REFUSED, REFUSED],
  [undefined, REFUSED, REFUSED],
])('%p is the day %p and the time %p', (value, day, time) => {
  expect([read(dayOrNull, value), read(timeOrNull, value)]).toEqual([day, time]);
});

test.each([
  [-1, null],
  ['-1', null],
  ['-1.0', null],
  [0, 0],
  ['1,177.60', 1177.6],
  [8396.8, 8396.8],
  [-2, REFUSED],
  ['', REFUSED],
  [null, REFUSED],
  [true, REFUSED],
])('the volume %p is %p', (value, volume) => {
  expect(read(megabytesOrNull, value)).toBe(volume);
});

test.each([
  ['2GB 月包\t', '2GB 月包'],
  ['  2GB\u0000月包 ', '2GB月包'],
  ['2GB\n月包', '2GB 月包'],
  ['\u202E2GB 月包\u202C', '2GB 月包'],
  ['\uFEFF\u200E2GB 月包', '2GB 月包'],
  ['👨‍👩‍👧 家庭包', '👨‍👩‍👧 家庭包'],
  ['2GB \uFFFD\uFFFD', REFUSED],
  ['\t\u200B', REFUSED],
  ['长'.repeat(201), REFUSED],
  [7, REFUSED],
])('the name %j is %j', (value, name) => {
  expect(read(nameText, value)).toBe(name);
});

describe('a list', () => {
  const list = elementsOf(z.object({ id: z.string(), months: z.int().min(1) }), 'id');

  it('keeps the elements that are readable, and names the fields of the others', () => {
    const odd = { id: 'p2', months: 0 };
    const items = list.parse([{ id: 'p1', months: 1 }, odd, null, { id: 'p3', months: 3 }]);
    expect(items.map(({ id }) => id)).toEqual(['p1', 'p3']);
    expect(oddElements(items)).toMatchObject([
      { id: 'p2', fields: ['months'], value: odd },
      { id: null, fields: [''], value: null },
    ]);
  });

  it.each([[[[]]], [[null]], [['text']], ['text'], [{}]])('is refused if it is %j', (value) => {
    expect(read(list, value)).toBe(REFUSED);
  });
});

test('a part that is missing or invalid is undefined, and the rest is read', () => {
  const schema = z.object({ id: z.string(), day: optionalPart(dayOrNull) });
  expect(schema.parse({ id: 'a', day: '2026-12-31' })).toEqual({ id: 'a', day: '2026-12-31' });
  expect(schema.parse({ id: 'a', day: '0000-00-00' })).toEqual({ id: 'a', day: null });
  expect(schema.parse({ id: 'a', day: 7 }).day).toBeUndefined();
  expect(schema.parse({ id: 'a' }).day).toBeUndefined();
});
