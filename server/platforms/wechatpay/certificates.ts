import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ENCRYPTION_ALGORITHM, decrypt } from './decrypt';

/** A platform certificate: its public key, and when it expires, in epoch ms. */
export interface PlatformCertificate {
  serial: string;
  key: KeyObject;
  validUntil: number;
}

/** `GET /v3/certificates` (获取平台证书列表). */
const certificateList = z.object({
  data: z
    .array(
      z.object({
        serial_no: z.string().regex(/^[0-9A-Fa-f]{8,64}$/),
        encrypt_certificate: z.object({
          algorithm: z.literal(ENCRYPTION_ALGORITHM),
          nonce: z.string(),
          associated_data: z.string().optional(),
          ciphertext: z.string().max(16_384),
        }),
      }),
    )
    .max(32),
});

interface ParsedCertificate extends PlatformCertificate {
  validFrom: number;
}

/** Undefined if it is not a certificate, or Node cannot read its key. */
function parseCertificate(pem: string): ParsedCertificate | undefined {
  try {
    const { serialNumber, publicKey, validFrom, validTo } = new X509Certificate(pem);
    return {
      serial: serialNumber.toUpperCase(),
      key: publicKey,
      validFrom: Date.parse(validFrom),
      validUntil: Date.parse(validTo),
    };
  } catch {
    return undefined;
  }
}

function readCertificate(pem: string, serial: string, now: number): PlatformCertificate[] {
  const parsed = parseCertificate(pem);
  if (parsed?.serial !== serial || parsed.key.asymmetricKeyType !== 'rsa') return [];
  const { key, validFrom, validUntil } = parsed;
  return validFrom <= now && now < validUntil ? [{ serial, key, validUntil }] : [];
}

/**
 * The certificates in an answer of `GET /v3/certificates` that are encrypted with our API v3 key and valid
 * at `now` (epoch ms); undefined if the answer has another format.
 */
export function readCertificates(
  answer: unknown,
  apiV3Key: KeyObject,
  now: number,
): PlatformCertificate[] | undefined {
  const list = certificateList.safeParse(answer);
  if (!list.success) return undefined;
  return list.data.data.flatMap(({ serial_no: serial, encrypt_certificate: encrypted }) => {
    const pem = decrypt(encrypted, apiV3Key);
    return pem === undefined ? [] : readCertificate(pem, serial.toUpperCase(), now);
  });
}
