import { z } from 'zod';
import { randomToken } from '../ids';
import type { DeviceStore } from './device-store';
import { errorReply, successReply, type Reply } from './reply';

/** The document's sample: ten hours. */
const LIFETIME_S = 36_000;
const MAX_TOKENS = 50;

const form = z.object({
  grant_type: z.literal('client_credentials'),
  client_id: z.string(),
  client_secret: z.string(),
});

/** Issues a token for the account's credentials. */
export function issueToken({ simulator, state, account }: DeviceStore, body: unknown): Reply {
  const request = form.safeParse(body);
  if (!request.success) {
    const names = request.error.issues.map(({ path }) => path.join('.'));
    return errorReply(23010, Object.fromEntries(names.map((name) => [name, ['该字段不正确。']])));
  }
  const { client_id: id, client_secret: key } = request.data;
  if (id !== account.clientId || key !== account.clientSecret) {
    return errorReply(23010, { non_field_errors: ['Client authentication failed.'] });
  }
  const value = randomToken(30);
  state.tokens.push({ value, expiresAt: simulator.now() + LIFETIME_S * 1000 });
  state.tokens.splice(0, state.tokens.length - MAX_TOKENS);
  const token = { access_token: value, token_type: 'Bearer', expires_in: LIFETIME_S };
  return successReply('token info', { ...token, scope: 'read write groups' });
}

/** Whether a header has a valid token. */
export function isAuthorised({ simulator, state }: DeviceStore, authorization: string): boolean {
  const value = /^Bearer (\S+)$/.exec(authorization)?.[1];
  return state.tokens.some((token) => token.value === value && token.expiresAt > simulator.now());
}
