import fc from 'fast-check';
import { createTokenSeal } from './token-seal';
import type { TokenSealOptions } from './token-seal';

const parts: TokenSealOptions = {
  platform: 'shingsou',
  clientSecret: 'the client secret',
  issuedFor: ['https://ids.example', 'the client', 'iot.cardservice.all'],
};
const seal = createTokenSeal(parts);
const token = fc.stringMatching(/^[\x21-\x7e]{1,200}$/);

test('any token is read again as it was, and is not to be seen in what is stored', () => {
  fc.assert(
    fc.property(token, fc.nat(), (value, generation) => {
      const sealed = seal.seal(value, generation);
      expect(seal.open(sealed, generation)).toBe(value);
      expect(createTokenSeal(parts).open(sealed, generation)).toBe(value);
      if (value.length > 8) expect(Buffer.from(sealed, 'base64url').includes(value)).toBe(false);
    }),
  );
});

test('the same token is never sealed the same way twice', () => {
  expect(seal.seal('abc', 1)).not.toBe(seal.seal('abc', 1));
});

test.each<[string, Partial<TokenSealOptions>]>([
  ['another secret', { clientSecret: 'another secret' }],
  ['another platform', { platform: 'mxchip' }],
  ['another server', { issuedFor: ['https://other.example', 'the client', 'iot.cardservice.all'] }],
  ['other permissions', { issuedFor: ['https://ids.example', 'the client', 'iot.all'] }],
])('with %s it is as if there were none', (_, change) => {
  const other = createTokenSeal({ ...parts, ...change });
  expect(other.open(seal.seal('abc', 1), 1)).toBeUndefined();
});

test('a token of another generation cannot be put in the place of this one', () => {
  expect(seal.open(seal.seal('abc', 1), 2)).toBeUndefined();
});

test('whatever is changed in what is stored, nothing is read from it', () => {
  const sealed = Buffer.from(seal.seal('a token', 1), 'base64url');
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(seal.open(changed.toString('base64url'), 1)).toBeUndefined();
    expect(seal.open(sealed.subarray(0, at).toString('base64url'), 1)).toBeUndefined();
  }
});
