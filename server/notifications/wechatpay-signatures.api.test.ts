import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import {
  isSignedBy,
  isWithinClockSkew,
  type PlatformSignature,
  readSignature,
} from '../platforms/wechatpay/signatures';

/** Checks the verification of WeChat Pay's signatures against signatures made by node:crypto. */

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NOW = Date.UTC(2026, 2, 1, 4);

const bodies = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
  .map((text) => Buffer.from(text));
const nonces = fc.stringMatching(/^[0-9A-Za-z]{1,32}$/);
const seconds = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map(String);

function signedBy(timestamp: string, nonce: string, body: Buffer): PlatformSignature {
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  const signature = sign('sha256', message, privateKey).toString('base64');
  const headers = {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': 'PUB_KEY_ID_01',
    'wechatpay-signature': signature,
  };
  const read = readSignature(headers);
  if (!read) throw new Error('these headers are in order');
  return read;
}

/** A copy of a buffer with one byte changed. */
function changed(bytes: Buffer, place: number, by: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = place % copy.length;
  copy[index] = (copy[index]! + by) % 256;
  return copy;
}

const places = fc.nat();
const steps = fc.integer({ min: 1, max: 255 });
const runs = { numRuns: 60 };

test('a valid signature is accepted for any content', () => {
  fc.assert(
    fc.property(seconds, nonces, bodies, (timestamp, nonce, body) => {
      expect(isSignedBy(publicKey, signedBy(timestamp, nonce, body), body)).toBe(true);
    }),
    runs,
  );
});

test('a body that differs in one byte is refused', () => {
  fc.assert(
    fc.property(seconds, nonces, bodies, places, steps, (timestamp, nonce, body, place, step) => {
      const signed = signedBy(timestamp, nonce, body);
      expect(isSignedBy(publicKey, signed, changed(body, place, step))).toBe(false);
    }),
    runs,
  );
});

test('another timestamp or nonce is refused', () => {
  fc.assert(
    fc.property(seconds, nonces, bodies, places, steps, (timestamp, nonce, body, place, step) => {
      const signed = signedBy(timestamp, nonce, body);
      const other = changed(Buffer.from(nonce), place, step).toString('latin1');
      const later = String(Number(timestamp) + step);
      expect(isSignedBy(publicKey, { ...signed, nonce: other }, body)).toBe(false);
      expect(isSignedBy(publicKey, { ...signed, timestamp: later }, body)).toBe(false);
    }),
    runs,
  );
});

test('a signature that differs in one byte, or is malformed, is refused', () => {
  fc.assert(
    fc.property(nonces, bodies, places, steps, (nonce, body, place, step) => {
      const signed = signedBy('1772337600', nonce, body);
      const bytes = changed(Buffer.from(signed.signature, 'base64'), place, step);
      const wrong = { ...signed, signature: bytes.toString('base64') };
      expect(isSignedBy(publicKey, wrong, body)).toBe(false);
      const probe = { ...signed, signature: `WECHATPAY/SIGNTEST/${signed.signature}` };
      expect(isSignedBy(publicKey, probe, body)).toBe(false);
    }),
    runs,
  );
});

test.each(['a\nb', 'a\r', 'a b', ''])(
  'a nonce of %j is refused, so that bytes of the body cannot be moved into it',
  (nonce) => {
    const headers = {
      'wechatpay-timestamp': '1772337600',
      'wechatpay-nonce': nonce,
      'wechatpay-serial': 'PUB_KEY_ID_01',
      'wechatpay-signature': 'c2lnbmVk',
    };
    expect(readSignature(headers)).toBeUndefined();
    expect(readSignature({ ...headers, 'wechatpay-nonce': 'ab' })).toBeDefined();
  },
);

test('a timestamp is accepted within five minutes before or after', () => {
  fc.assert(
    fc.property(fc.integer({ min: -600_000, max: 600_000 }), (away) => {
      const signedAt = NOW + away;
      const signed = { signedAt, timestamp: '', nonce: '', serial: '', signature: '' };
      expect(isWithinClockSkew(signed, NOW)).toBe(Math.abs(away) < 300_000);
    }),
  );
});
