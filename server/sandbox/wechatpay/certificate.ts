import { sign, type KeyObject } from 'node:crypto';

/**
 * A minimal self-signed X.509 certificate (RFC 5280): node:crypto can read certificates but not create them.
 */

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  null: 0x05,
  objectId: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  explicit0: 0xa0,
} as const;

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const hex = size.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** One value of DER (ITU-T X.690): tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11. */
const SHA256_WITH_RSA = der(
  TAG.sequence,
  der(TAG.objectId, Buffer.from('2a864886f70d01010b', 'hex')),
  der(TAG.null),
);

/** id-at-commonName, 2.5.4.3. */
const COMMON_NAME = der(TAG.objectId, Buffer.from('550403', 'hex'));

function name(commonName: string): Buffer {
  const attribute = der(TAG.sequence, COMMON_NAME, der(TAG.utf8, Buffer.from(commonName)));
  return der(TAG.sequence, der(TAG.set, attribute));
}

/** `260131093005Z`, for the years 1950 to 2049. */
function utcTime(instant: number): Buffer {
  const digits = new Date(instant).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(TAG.utcTime, Buffer.from(`${digits}Z`));
}

interface CertificateRequest {
  commonName: string;
  /** Hex, an even number of digits, the first below 8. */
  serial: string;
  /** Epoch ms, whole seconds. */
  from: number;
  until: number;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** @returns the certificate in PEM */
export function makeCertificate(request: CertificateRequest): string {
  const version3 = der(TAG.explicit0, der(TAG.integer, Buffer.from([2])));
  const body = der(
    TAG.sequence,
    version3,
    der(TAG.integer, Buffer.from(request.serial, 'hex')),
    SHA256_WITH_RSA,
    name(request.commonName),
    der(TAG.sequence, utcTime(request.from), utcTime(request.until)),
    name(request.commonName),
    request.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', body, request.privateKey);
  // The leading zero: no bits of the last byte are unused.
  const bits = der(TAG.bitString, Buffer.from([0]), signature);
  const base64 = der(TAG.sequence, body, SHA256_WITH_RSA, bits).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
