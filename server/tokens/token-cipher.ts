import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts the tokens of one platform for the store. */
export interface TokenCipher {
  /** @returns the encrypted token of this generation */
  encrypt(token: string, generation: number): string;
  /** @returns the token; undefined if it was encrypted with another key or for another generation */
  decrypt(encrypted: string, generation: number): string | undefined;
}

export interface TokenCipherOptions {
  platform: string;
  /** The client secret at the platform's token server. It is not in the store. */
  clientSecret: string;
  /**
   * What tokens are requested for: the server, the client, the scope. After a change of these, tokens that
   * were issued before must not be used, so they cannot be decrypted.
   */
  issuedFor: readonly string[];
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D 8.2.2 and 5.2.1.2: a random nonce of 96 bits, and the complete tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Uses AES-256-GCM with a key that HKDF-SHA256 (RFC 5869) derives from the client secret. */
export function createTokenCipher({
  platform,
  clientSecret,
  issuedFor,
}: TokenCipherOptions): TokenCipher {
  const salt = JSON.stringify(issuedFor);
  const info = `liuka token ${platform}`;
  const key = Buffer.from(hkdfSync('sha256', clientSecret, salt, info, KEY_BYTES));
  const associated = (generation: number) => Buffer.from(`${platform}\n${String(generation)}`);

  return {
    encrypt(token, generation) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated(generation));
      const encrypted = Buffer.concat([nonce, cipher.update(token, 'utf8'), cipher.final()]);
      return Buffer.concat([encrypted, cipher.getAuthTag()]).toString('base64url');
    },
    decrypt(encrypted, generation) {
      const bytes = Buffer.from(encrypted, 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associated(generation));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const token = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([token, decipher.final()]).toString('utf8');
      } catch {
        // The tag does not match: encrypted with another key, or damaged. Treated as no token.
        return undefined;
      }
    },
  };
}
