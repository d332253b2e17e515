import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../parse-json';
import type { UpstreamAnswer } from '../upstream-http';
import { errorCode } from './error-codes';
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

const codeAnswer = z.object({ code: errorCode });

/** The status of an answer, with the code of an error. Quotes nothing else: the body can hold any text. */
export function describeStatus({ status, text }: UpstreamAnswer): string {
  const error = status >= 400 ? codeAnswer.safeParse(parseJson(text)) : undefined;
  return error?.success ? `HTTP ${String(status)} ${error.data.code}` : `HTTP ${String(status)}`;
}

/**
 * Describes an answer whose signature cannot be verified, for the operator. WeChat Pay signs its answers only
 * after it has verified the request's signature, so a 401 SIGN_ERROR is never signed; a success without a
 * signature counts as forged (APIv3 接口规则, 签名: 应答签名). Such an answer proves nothing, because a proxy can
 * have written it too.
 * @param problem what is wrong with it, as `verifyAnswer` returns it
 */
export function describeUnverified(answer: UpstreamAnswer, problem: string): string {
  return `${describeStatus(answer)} (unverified: the answer ${problem})`;
}
