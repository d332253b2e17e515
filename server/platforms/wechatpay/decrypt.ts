import type { KeyObject } from 'node:crypto';
import { Aes } from 'wechatpay-axios-plugin';

/** What WeChat Pay sealed with the merchant's API v3 key: certificates and notifications. */
export interface EncryptedResource {
  /** Base64; the last 16 bytes are the tag. */
  ciphertext: string;
  nonce: string;
  /** What was sealed in beside the text; empty where left out. */
  associated_data?: string | undefined;
}

export const ENCRYPTION_ALGORITHM = 'AEAD_AES_256_GCM';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BASE64 = /^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/;

/** Whether the nonce has the one length AEAD_AES_256_GCM takes (RFC 5116 section 5.2). */
export function isValidNonce(nonce: string): boolean {
  return Buffer.byteLength(nonce) === NONCE_BYTES;
}

/**
 * The text under the seal (证书和回调报文解密); undefined where it was sealed with another key or changed.
 * The length is checked here because a shorter tag would be taken for a whole one, and be easier to guess.
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
