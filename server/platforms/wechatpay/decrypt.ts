import type { KeyObject } from 'node:crypto';
import { Aes } from 'wechatpay-axios-plugin';

/** Content that WeChat Pay encrypted with the merchant's API v3 key: a certificate or a notification. */
export interface EncryptedResource {
  /** Base64; the last 16 bytes are the authentication tag. */
  ciphertext: string;
  nonce: string;
  /** Authenticated, but not encrypted; empty if missing. */
  associated_data?: string | undefined;
}

export const ENCRYPTION_ALGORITHM = 'AEAD_AES_256_GCM';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BASE64 = /^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/;

/** Whether the nonce has the length AEAD_AES_256_GCM requires (RFC 5116 section 5.2). */
export function isValidNonce(nonce: string): boolean {
  return Buffer.byteLength(nonce) === NONCE_BYTES;
}

/**
 * Decrypts content (证书和回调报文解密); undefined if it was encrypted with another key or modified. The
 * length is checked here because the library would accept a shorter tag, which is easier to forge.
 */
export function decrypt(encrypted: EncryptedResource, apiV3Key: KeyObject): string | undefined {
  const { ciphertext, nonce, associated_data: data = '' } = encrypted;
  if (!isValidNonce(nonce) || !BASE64.test(ciphertext)) return undefined;
  if (Buffer.byteLength(ciphertext, 'base64') <= TAG_BYTES) return undefined;
  try {
    return Aes.AesGcm.decrypt(ciphertext, apiV3Key, nonce, data);
  } catch {
    return undefined;
  }
}
