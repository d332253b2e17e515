import { renewalTime } from '../platforms/token-holder';
import type { TokenRow } from '../store/schema';
import type { HeldToken, TokenContext } from './token-context';
import { readTokenRow } from './token-queries';

/** How long a token is used before it is compared with the store: another process may have replaced it. */
const CHECK_INTERVAL_MS = 5_000;
/** The same while the token is due for renewal or the store does not answer. */
export const SHORT_CHECK_INTERVAL_MS = 1_000;

export interface StoredToken {
  row: TokenRow | undefined;
  /** Undefined if there is none, or it was refused, has expired or cannot be decrypted. */
  token: HeldToken | undefined;
}

function decryptToken(
  { clock, cipher, renewalLead }: TokenContext,
  { generation, sealed, asked_at: requestedAt, expires_at: expiresAt }: TokenRow,
): HeldToken | undefined {
  if (sealed === null || requestedAt === null || expiresAt === null) return undefined;
  const value = clock() < expiresAt ? cipher.decrypt(sealed, generation) : undefined;
  if (value === undefined) return undefined;
  const renewAt = renewalTime(requestedAt, expiresAt, renewalLead);
  return { value, expiresAt, generation, renewAt };
}

/** Reads the token from the store, and caches it until the next check. */
export async function readStoredToken(context: TokenContext): Promise<StoredToken> {
  const { platform, store, clock, state } = context;
  const row = await readTokenRow(store, platform);
  const now = clock();
  const token = row && decryptToken(context, row);
  const interval = token && now >= token.renewAt ? SHORT_CHECK_INTERVAL_MS : CHECK_INTERVAL_MS;
  state.cached = token;
  state.nextCheckAt = Math.min(now + interval, token?.expiresAt ?? 0);
  return { row, token };
}
