import { constants, privateDecrypt } from 'node:crypto';
import type { Simulator } from '../simulator';

/**
 * Decrypts a field that the merchant encrypted for WeChat Pay (敏感信息加解密: RSAES-OAEP with SHA-1).
 * @param serial of the key, from the request's `Wechatpay-Serial`
 * @returns undefined if the serial is unknown, or the field was encrypted with another key
 */
export function decryptSensitive(
  simulator: Simulator,
  serial: string,
  field: string,
): string | undefined {
  const { publicKeyId, certificateSerial } = simulator.credentials;
  const keys = simulator.payKeys();
  const key = new Map([
    [publicKeyId, keys.platformKey],
    [certificateSerial, keys.certificateKey],
  ]).get(serial);
  if (!key) return undefined;
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt({ key, padding }, Buffer.from(field, 'base64')).toString('utf8');
  } catch {
    return undefined;
  }
}
