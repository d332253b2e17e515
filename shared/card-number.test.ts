import fc from 'fast-check';
import {
  CARD_INPUT_MAX_LENGTH,
  iccidForms,
  isSameIccid,
  maskNumber,
  otherIccidForm,
  parseCardNumber,
  readCardNumber,
  type CardNumber,
} from './card-number';
import { ICCID, readableCases, refusedCases } from './testing/card-number-cases';

function from(alphabet: string, length: number): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.constantFrom(...Array.from(alphabet)),
    minLength: length,
    maxLength: length,
  });
}

const digits = '0123456789';
const hex = `${digits}ABCDEF`;
const issuers = ['898600', '898602', '898604', '898607', '898601', '898606', '898603', '898611'];

const iccids = fc
  .tuple(fc.constantFrom(...issuers), from(hex, 12), fc.constantFrom('', ...Array.from(digits)))
  .map(([issuer, middle, last]) => `${issuer}${middle}7${last}`);
const suffixes = from(hex, 10).filter((text) => !/^1\d{9}$/.test(text));
const accessNumbers = fc
  .constantFrom(10, 12)
  .chain((length) => from(digits, length))
  .map((rest) => `1${rest}`);

const numbers: fc.Arbitrary<CardNumber> = fc.oneof(
  iccids.map((value) => ({ kind: 'iccid' as const, value })),
  suffixes.map((value) => ({ kind: 'iccidSuffix' as const, value })),
  accessNumbers.map((value) => ({ kind: 'accessNumber' as const, value })),
);

const fillers = [' ', '-', '\t', '\n', '\u3000', '\u00a0', '\u200b', '\ufeff', '\u2013', '\uff0d'];

/** Writes a number in the ways users enter it: with spaces and hyphens, in any case and width. */
function decorate(text: string): fc.Arbitrary<string> {
  const character = (plain: string) =>
    fc.tuple(
      fc.constantFrom(
        plain,
        plain.toLowerCase(),
        String.fromCharCode(plain.charCodeAt(0) + 0xfee0),
        String.fromCharCode(plain.toLowerCase().charCodeAt(0) + 0xfee0),
      ),
      fc.array(fc.constantFrom(...fillers), { maxLength: 2 }),
    );
  return fc
    .tuple(fc.array(fc.constantFrom(...fillers), { maxLength: 2 }), ...Array.from(text, character))
    .map((parts) => parts.flat(2).join(''));
}

test.each(readableCases)('a text with %s is read', (_, text, number) => {
  expect(parseCardNumber(text)?.value).toBe(number);
});

test.each(refusedCases)('%s: the text is refused with the reason', (_, text, problem) => {
  expect(readCardNumber(text)).toBe(problem);
});

test('all ways to write a number are parsed as the same number', () => {
  const written = numbers.chain((number) => fc.tuple(fc.constant(number), decorate(number.value)));
  fc.assert(
    fc.property(written, ([number, text]) => {
      expect(parseCardNumber(text)).toEqual(number);
    }),
    { numRuns: 500 },
  );
});

test('a link with a number as its parameter is parsed as that number', () => {
  const names = fc.constantFrom('number', 'iccid', 'cardno', 'card', 'n', 'ICCID', 'cardNo');
  fc.assert(
    fc.property(numbers, names, fc.boolean(), ({ kind, value }, name, first) => {
      const query = first ? `${name}=${value}&shop=7` : `shop=7&${name}=${value}`;
      expect(parseCardNumber(`https://shop.example/p/card?${query}#top`)).toEqual({ kind, value });
    }),
  );
});

test('a link with an ICCID in its path is parsed as that ICCID', () => {
  fc.assert(
    fc.property(iccids, (iccid) => {
      expect(parseCardNumber(`https://shop.example/c/${iccid}?from=qr`)?.value).toBe(iccid);
      expect(parseCardNumber(`HTTP://SHOP.EXAMPLE/${iccid.toLowerCase()}`)?.value).toBe(iccid);
    }),
  );
});

test('a percent-encoded number in a link is decoded', () => {
  const text = 'https://shop.example/?number=8986%2003%201234%205678%209012%203';
  expect(parseCardNumber(text)).toEqual({ kind: 'iccid', value: '8986031234567890123' });
});

test('the padding F of a 19-digit ICCID is removed; an F that is part of the ICCID is kept', () => {
  const iccid = '8986031234567890123';
  expect(parseCardNumber(`${iccid}F`)?.value).toBe(iccid);
  expect(parseCardNumber(`${iccid}f`)?.value).toBe(iccid);
  expect(parseCardNumber('898603123456789012F')?.value).toBe('898603123456789012F');
});

test.each([
  ['1064812345678', 'accessNumber'],
  ['13912345678', 'accessNumber'],
  ['1391234567', 'iccidSuffix'],
  ['123456', 'customNumber'],
  ['1234567890123456', 'customNumber'],
  ['0123456789', 'iccidSuffix'],
  ['106481234567', 'customNumber'],
])('%s is read as %s', (text, kind) => {
  expect(parseCardNumber(text)?.kind).toBe(kind);
});

test.each([
  ['nothing', ''],
  ['spaces', '  \u3000 '],
  ['words', '流量卡'],
  ['five digits', '12345'],
  ['seventeen digits', '12345678901234567'],
  ['an ICCID with a letter beyond F', '898603123456789012G'],
  ['an ICCID of 18 characters', '898603123456789012'],
  ['an ICCID of 21 characters', '898603123456789012345'],
  ['an ICCID of another country', '8901410321111851072'],
  ['a link without a number', 'https://shop.example/'],
  ['a link with half an escape', 'https://shop.example/?number=%E0%A4%A'],
  ['a negative number', '=123456'],
  ['digits of another script', '١٢٣٤٥٦٧٨٩٠١'],
])('%s is not a card number', (_, text) => {
  expect(parseCardNumber(text)).toBeUndefined();
});

test('parsing never throws, and its results are well formed', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
      .map((codes) => String.fromCharCode(...codes)),
    fc.string({ unit: 'grapheme' }).map((text) => `https://x.example/?n=${text}`),
  );
  const forms = {
    iccid: /^89(?:86[01]|852|853|886)[0-9A-F]{14,15}$/,
    iccidSuffix: /^[0-9A-F]{10}$/,
    accessNumber: /^1(\d{10}|\d{12})$/,
    customNumber: /^\d{6,16}$/,
  };
  fc.assert(
    fc.property(texts, (text) => {
      const number = parseCardNumber(text);
      if (!number) return;
      expect(number.value).toMatch(forms[number.kind]);
      expect(parseCardNumber(number.value)).toEqual(number);
    }),
    { numRuns: 1_000 },
  );
});

const decorations: fc.Arbitrary<(number: string) => string> = fc.constantFrom(
  (number: string) => `"${number}"`,
  (number: string) => `【${number}】`,
  (number: string) => `卡号：${number}。`,
  (number: string) => `接入号是 ${number}`,
  (number: string) => `ICCID: ${number}\r\n`,
  (number: string) => `{"card":{"iccid":"${number}"},"state":1}`,
  (number: string) => `]C1\u001D${number}\u001D`,
  (number: string) => `\u202D${number}\u202C`,
  (number: string) => `https://shop.example/p?x=7&number=${encodeURIComponent(number)}&t=123456789`,
  (number: string) => `shop.example/p?cardNo=${encodeURIComponent(encodeURIComponent(number))}`,
  (number: string) =>
    `https://a.example/?to=${encodeURIComponent(`https://shop.example/?n=${encodeURIComponent(number)}`)}`,
);

test('a decorated number is parsed as that number', () => {
  const written = numbers.chain((number) => fc.tuple(fc.constant(number), decorate(number.value)));
  fc.assert(
    fc.property(written, decorations, ([number, text], decoration) => {
      expect(parseCardNumber(decoration(text))).toEqual(number);
    }),
    { numRuns: 1_000 },
  );
});

test('a text of the maximum length is read in linear time', () => {
  const parts = [
    '8',
    '89',
    '8986 ',
    '1',
    '+',
    '+ ',
    '%25',
    '%',
    '?a=',
    '卡号',
    '\u202D',
    '{"',
    ' ',
    '-',
    'A',
    'no',
  ];
  const texts = fc
    .array(fc.constantFrom(...parts), { minLength: 1, maxLength: 4 })
    .map((unit) => unit.join('').repeat(CARD_INPUT_MAX_LENGTH).slice(0, CARD_INPUT_MAX_LENGTH));
  const startedAt = performance.now();
  fc.assert(
    fc.property(texts, (text) => void readCardNumber(text)),
    { numRuns: 200 },
  );
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});

describe('the forms of an ICCID', () => {
  test('19 and 20 characters with the same first 19 are the same card', () => {
    expect(isSameIccid('8986011880123456789', ICCID)).toBe(true);
    expect(isSameIccid('8986011880123456788', ICCID)).toBe(false);
    expect(iccidForms(ICCID)).toContain('8986011880123456789');
    expect(iccidForms('8986011880123456789')).toContain(ICCID);
  });

  test('20 characters are known by the first 19, and 19 digits by the check digit added', () => {
    expect(otherIccidForm(ICCID)).toBe('8986011880123456789');
    expect(otherIccidForm('8986011880123456789')).toBe(ICCID);
    expect(otherIccidForm('898607B011801234567')).toBeUndefined();
  });
});

test('texts above the maximum length are not parsed', () => {
  const iccid = '8986031234567890123';
  expect(parseCardNumber(iccid.padEnd(CARD_INPUT_MAX_LENGTH, ' '))?.value).toBe(iccid);
  expect(parseCardNumber(iccid.padEnd(CARD_INPUT_MAX_LENGTH + 1, ' '))).toBeUndefined();
});

describe('a masked number', () => {
  test('shows the first six and the last four characters, and keeps its length', () => {
    expect(maskNumber('8986031234567890123')).toBe('898603•••••••••0123');
    fc.assert(
      fc.property(numbers, ({ value }) => {
        const masked = maskNumber(value);
        expect(masked).toHaveLength(value.length);
        expect(masked.endsWith(value.slice(-4))).toBe(true);
        expect(masked).not.toBe(value);
      }),
    );
  });
});
