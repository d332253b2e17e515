import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { signParameters } from './signature';

/**
 * The PHP demo of the seed document, line by line: `getSign` with its ksort (by the bytes of the names, because
 * no name looks like a number), `formatBizQueryParaMap` without its trailing `&`, the secret, sha1, strtoupper.
 */
function getSign(data: Record<string, string | number>, secret: string): string {
  const parameters = Object.keys(data).sort((one, other) => {
    const hex = (name: string) => Buffer.from(name).toString('hex');
    return hex(one) < hex(other) ? -1 : 1;
  });
  let buff = '';
  for (const k of parameters) {
    buff += k + '=' + String(data[k]) + '&';
  }
  let string = buff.length > 0 ? buff.substring(0, buff.length - 1) : '';
  string = string + secret;
  return createHash('sha1').update(Buffer.from(string, 'utf8')).digest('hex').toUpperCase();
}

const SECRET = 'fd7c1d0a4d2e';

it('signs the example of the documents like their PHP demo', () => {
  const example = {
    client_id: 'iot3355e802d44ay95yeev2',
    serial_no: '87000001',
    timestamp: 1487560009,
  };
  const text = `client_id=iot3355e802d44ay95yeev2&serial_no=87000001&timestamp=1487560009${SECRET}`;
  const digest = createHash('sha1').update(text).digest('hex').toUpperCase();
  expect(signParameters(example, SECRET)).toBe(digest);
  expect(getSign(example, SECRET)).toBe(digest);
});

it('omits `sign`, encodes nothing, and writes numbers as in JSON', () => {
  const parameters = { b: 'x=1&y 短信', a: 0, sign: 'whatever' };
  const digest = createHash('sha1').update(`a=0&b=x=1&y 短信${SECRET}`, 'utf8').digest('hex');
  expect(signParameters(parameters, SECRET)).toBe(digest.toUpperCase());
});

/** Names that PHP would not compare as numbers. */
const name = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((text) => text !== 'sign' && text !== '__proto__' && !/^[\s+-]*[\d.]/.test(text));
const parameters = fc.dictionary(
  name,
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger()),
  { noNullPrototype: true },
);

it('matches the PHP demo for any names and values, in any order', () => {
  fc.assert(
    fc.property(parameters, fc.string(), (data, secret) => {
      const reversed = Object.fromEntries(Object.entries(data).reverse());
      const signed = signParameters(data, secret);
      expect(signed).toBe(getSign(data, secret));
      expect(signParameters({ ...reversed, sign: signed }, secret)).toBe(signed);
    }),
  );
});

it('sorts by bytes, unlike UTF-16', () => {
  const data = { '\u{1F600}': '1', '\uFF5E': '2' };
  const digest = createHash('sha1').update(`\uFF5E=2&\u{1F600}=1${SECRET}`).digest('hex');
  expect(signParameters(data, SECRET)).toBe(digest.toUpperCase());
});
