import { z } from 'zod';
import { bearerToken } from '../bearer-token';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import type { IssuedToken } from '../token-holder';
import type { UpstreamAnswer } from '../upstream-http';

/** An error response (RFC 6749, section 5.2). The codes are plain words; the description is ASCII. */
const tokenError = z.object({
  error: z.string().regex(/^[a-z_]{1,40}$/),
  error_description: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/)
    .optional()
    .catch(undefined),
});

/** The error code of a response that is no token. */
export function tokenErrorCode({ status, text }: UpstreamAnswer): string | undefined {
  return status === 400 || status === 401
    ? tokenError.safeParse(parseJson(text)).data?.error
    : undefined;
}

/**
 * Status, error code and description of a response without a token.
 * @param credentials a description that repeats one of them is left out
 */
export function describeRefusal(
  { status, text }: UpstreamAnswer,
  credentials: readonly string[],
): string {
  const { error, error_description: description = '' } =
    tokenError.safeParse(parseJson(text)).data ?? {};
  const reason = error ?? 'no token in the answer';
  const isShown = description !== '' && !credentials.some((one) => description.includes(one));
  return `HTTP ${String(status)}, ${reason}${isShown ? ` (${description})` : ''}`;
}

/**
 * The token of a response with any 2xx status.
 * @throws PlatformUnavailable if there is none; the message holds no credential
 */
export function readToken(answer: UpstreamAnswer, credentials: readonly string[]): IssuedToken {
  const token = bearerToken.safeParse(parseJson(answer.text));
  if (answer.status >= 200 && answer.status < 300 && token.success) return token.data;
  throw new PlatformUnavailable(`shingsou token: ${describeRefusal(answer, credentials)}`);
}
