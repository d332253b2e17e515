import type { KeyObject } from 'node:crypto';
import type { UpstreamAnswer } from '../upstream-http';
import { isSignedBy, isWithinClockSkew, readSignature } from './signatures';

/**
 * Verifies WeChat Pay's signature over an answer (签名验证). Returns what is wrong with it, or undefined if
 * it is valid.
 * @param now epoch ms
 */
export async function verifyAnswer(
  answer: UpstreamAnswer,
  findKey: (serial: string) => Promise<KeyObject | undefined>,
  now: number,
): Promise<string | undefined> {
  const signature = readSignature(answer.headers);
  if (signature === undefined) return 'is not signed';
  if (!isWithinClockSkew(signature, now)) return 'is signed at another time';
  const key = await findKey(signature.serial);
  if (key === undefined) return 'is signed under an unknown serial';
  return isSignedBy(key, signature, answer.bytes) ? undefined : 'has a wrong signature';
}
