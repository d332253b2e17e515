import type { KeyObject } from 'node:crypto';
import { Rsa } from 'wechatpay-axios-plugin';

/** Encrypts a field with a key of WeChat Pay (敏感信息加解密: RSAES-OAEP with SHA-1, base64). */
export function encryptForPlatform(key: KeyObject, text: string): string {
  return Rsa.encrypt(text, key);
}
