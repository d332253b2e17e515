import { createCipheriv, randomBytes } from 'node:crypto';

/**
 * An encrypted resource of API v3 (证书和回调报文解密): AEAD_AES_256_GCM (RFC 5116), the 16-byte tag after the
 * ciphertext.
 */
export interface Encrypted {
  algorithm: 'AEAD_AES_256_GCM';
  ciphertext: string;
  nonce: string;
  associated_data: string;
}

/** @param key 32 characters. */
export function encrypt(key: string, associatedData: string, text: string): Encrypted {
  // 12 bytes that are also 12 characters.
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(associatedData));
  const parts = [cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: Buffer.concat(parts).toString('base64'),
    nonce,
    associated_data: associatedData,
  };
}
