import { scheduleJob } from '../jobs/job-queries';
import { newId } from '../store/ids';
import type { TokenRow } from '../store/schema';
import type { Store } from '../store/store';

/** The kind of the job that renews a token before it expires; its subject is the platform. */
export const TOKEN_JOB = 'token';

/** The exclusive right to request a platform's next token until the lease expires or is released. */
export interface TokenLease {
  platform: string;
  token: string;
  /** The row when the lease was claimed: `generation` is that of the token to be replaced. */
  row: TokenRow;
}

/**
 * The clocks of the processes differ by less than this. An instant that is further ahead than it can be was
 * set before a clock was set back, and counts as passed.
 */
const MAX_CLOCK_SKEW_MS = 60_000;

/** A platform's row; undefined before the first token was requested. */
export function readTokenRow(store: Store, platform: string): Promise<TokenRow | undefined> {
  return store.selectFrom('tokens').selectAll().where('platform', '=', platform).executeTakeFirst();
}

export function readTokenRows(store: Store): Promise<TokenRow[]> {
  return store.selectFrom('tokens').selectAll().orderBy('platform').execute();
}

/** Inserts the row for the first lease, unless it exists. */
export async function ensureTokenRow(store: Store, platform: string): Promise<void> {
  await store
    .insertInto('tokens')
    .values({ platform, generation: 0, failures: 0 })
    .onConflict((conflict) => conflict.column('platform').doNothing())
    .execute();
}

interface ClaimOptions {
  platform: string;
  /** The generation of the token to be replaced; if it has been replaced, the claim fails. */
  generation: number;
  /** Epoch ms. */
  now: number;
  leaseMs: number;
  /** The longest backoff, in ms. */
  longestPauseMs: number;
}

/** Whether an instant has passed, or is further ahead than `longestMs` and the clock skew allow. */
function hasPassed(instant: number | null, now: number, longestMs: number): boolean {
  return instant === null || instant <= now || instant > now + longestMs + MAX_CLOCK_SKEW_MS;
}

/** Whether a process holds the lease. */
export function isLeased(
  row: TokenRow,
  { now, leaseMs }: Pick<ClaimOptions, 'now' | 'leaseMs'>,
): boolean {
  return !hasPassed(row.lease_until, now, leaseMs);
}

/** Whether no process may request a token yet, because the last request failed. */
export function isBackingOff(
  row: TokenRow,
  { now, longestPauseMs }: Pick<ClaimOptions, 'now' | 'longestPauseMs'>,
): boolean {
  return !hasPassed(row.retry_at, now, longestPauseMs);
}

/** Claims the lease. @returns undefined if it is held, the generation was replaced, or a backoff is active */
export async function claimTokenLease(
  store: Store,
  claim: ClaimOptions,
): Promise<TokenLease | undefined> {
  const { platform, generation, now, leaseMs, longestPauseMs } = claim;
  const token = newId();
  const row = await store
    .updateTable('tokens')
    .set({ lease_token: token, lease_until: now + leaseMs })
    .where('platform', '=', platform)
    .where('generation', '=', generation)
    .where((eb) =>
      eb.or([
        eb('lease_until', 'is', null),
        eb('lease_until', '<=', now),
        eb('lease_until', '>', now + leaseMs + MAX_CLOCK_SKEW_MS),
      ]),
    )
    .where((eb) =>
      eb.or([
        eb('retry_at', 'is', null),
        eb('retry_at', '<=', now),
        eb('retry_at', '>', now + longestPauseMs + MAX_CLOCK_SKEW_MS),
      ]),
    )
    .returningAll()
    .executeTakeFirst();
  return row && { platform, token, row };
}

/** Deletes a refused token, so that no process uses it again even if no other token can be obtained. */
export async function invalidateToken(
  store: Store,
  platform: string,
  generation: number,
): Promise<void> {
  await store
    .updateTable('tokens')
    .set({ sealed: null })
    .where('platform', '=', platform)
    .where('generation', '=', generation)
    .execute();
}

type NewToken = Pick<TokenRow, 'sealed' | 'asked_at' | 'expires_at' | 'failures' | 'retry_at'>;

/**
 * Replaces the token, releases the lease and schedules the renewal at `renewAt` (epoch ms), in one
 * transaction.
 * @returns false if the caller no longer held the lease; then nothing was changed
 */
export async function storeToken(
  store: Store,
  lease: TokenLease,
  { renewAt, ...fresh }: NewToken & { renewAt: number },
): Promise<boolean> {
  return store.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('tokens')
      .set({
        ...fresh,
        generation: lease.row.generation + 1,
        lease_token: null,
        lease_until: null,
      })
      .where('platform', '=', lease.platform)
      .where('lease_token', '=', lease.token)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await scheduleJob(tx, { kind: TOKEN_JOB, subjectId: lease.platform, runAt: renewAt });
    return true;
  });
}

/** Releases the lease without a token. @param failed the backoff, if a request failed */
export async function releaseTokenLease(
  store: Store,
  lease: TokenLease,
  failed: { failures: number; retryAt: number } | undefined,
): Promise<void> {
  await store
    .updateTable('tokens')
    .set({
      lease_token: null,
      lease_until: null,
      ...(failed && { failures: failed.failures, retry_at: failed.retryAt }),
    })
    .where('platform', '=', lease.platform)
    .where('lease_token', '=', lease.token)
    .execute();
}
