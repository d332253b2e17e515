import fc from 'fast-check';
import { createTokenCipher } from './token-cipher';
import type { TokenCipherOptions } from './token-cipher';

const parts: TokenCipherOptions = {
  platform: 'shingsou',
  clientSecret: 'the client secret',
  issuedFor: ['https://ids.example', 'the client', 'iot.cardservice.all'],
};
const cipher = createTokenCipher(parts);
const token = fc.stringMatching(/^[\x21-\x7e]{1,200}$/);

test('any token can be decrypted, and is not visible in the encrypted text', () => {
  fc.assert(
    fc.property(token, fc.nat(), (value, generation) => {
      const encrypted = cipher.encrypt(value, generation);
      expect(cipher.decrypt(encrypted, generation)).toBe(value);
      expect(createTokenCipher(parts).decrypt(encrypted, generation)).toBe(value);
      if (value.length > 8) expect(Buffer.from(encrypted, 'base64url').includes(value)).toBe(false);
    }),
  );
});

test('encrypting the same token twice gives different texts', () => {
  expect(cipher.encrypt('abc', 1)).not.toBe(cipher.encrypt('abc', 1));
});

test.each<[string, Partial<TokenCipherOptions>]>([
  ['another secret', { clientSecret: 'another secret' }],
  ['another platform', { platform: 'mxchip' }],
  ['another server', { issuedFor: ['https://other.example', 'the client', 'iot.cardservice.all'] }],
  ['other permissions', { issuedFor: ['https://ids.example', 'the client', 'iot.all'] }],
])('with %s it is as if there were none', (_, change) => {
  const other = createTokenCipher({ ...parts, ...change });
  expect(other.decrypt(cipher.encrypt('abc', 1), 1)).toBeUndefined();
});

test('a token cannot be decrypted as that of another generation', () => {
  expect(cipher.decrypt(cipher.encrypt('abc', 1), 2)).toBeUndefined();
});

test('an encrypted token with any change cannot be decrypted', () => {
  const encrypted = Buffer.from(cipher.encrypt('a token', 1), 'base64url');
  for (let at = 0; at < encrypted.length; at += 1) {
    const changed = Buffer.from(encrypted);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(cipher.decrypt(changed.toString('base64url'), 1)).toBeUndefined();
    expect(cipher.decrypt(encrypted.subarray(0, at).toString('base64url'), 1)).toBeUndefined();
  }
});
