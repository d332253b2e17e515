import { scheduleJob } from '../jobs/job-queries';
import { newId } from '../store/ids';
import type { TokenRow } from '../store/schema';
import type { Store } from '../store/store';

/** The kind of the job that renews a token ahead of its end; its subject is the platform. */
export const TOKEN_JOB = 'token';

/** The right to ask for a platform's next token; nobody else asks until it runs out. */
export interface TokenLease {
  platform: string;
  token: string;
  /** The row as it was taken: `generation` is that of the token to be replaced. */
  row: TokenRow;
}

/** Clocks of several processes differ by less than this; whatever lies farther ahead was set before a clock was set back. */
const MAX_CLOCK_SKEW_MS = 60_000;

/** What a platform's row says; undefined before the first token was asked for. */
export function readTokenRow(store: Store, platform: string): Promise<TokenRow | undefined> {
  return store.selectFrom('tokens').selectAll().where('platform', '=', platform).executeTakeFirst();
}

export function readTokenRows(store: Store): Promise<TokenRow[]> {
  return store.selectFrom('tokens').selectAll().orderBy('platform').execute();
}

/** Makes the row that the first lease is taken on, unless there is one. */
export async function ensureTokenRow(store: Store, platform: string): Promise<void> {
  await store
    .insertInto('tokens')
    .values({ platform, generation: 0, failures: 0 })
    .onConflict((conflict) => conflict.column('platform').doNothing())
    .execute();
}

interface ClaimOptions {
  platform: string;
  /** The generation to be replaced: once it was, there is nothing to claim. */
  generation: number;
  /** Epoch ms. */
  now: number;
  leaseMs: number;
  /** No pause between two attempts is longer. */
  longestPauseMs: number;
}

/** Whether an instant that holds something up has passed, or is farther ahead than any that is set. */
function hasPassed(instant: number | null, now: number, longestMs: number): boolean {
  return instant === null || instant <= now || instant > now + longestMs + MAX_CLOCK_SKEW_MS;
}

/** Whether somebody has the right to ask for the next token at this moment. */
export function isLeased(
  row: TokenRow,
  { now, leaseMs }: Pick<ClaimOptions, 'now' | 'leaseMs'>,
): boolean {
  return !hasPassed(row.lease_until, now, leaseMs);
}

/** Whether nobody is to ask yet: it was in vain a moment ago. */
export function isBackingOff(
  row: TokenRow,
  { now, longestPauseMs }: Pick<ClaimOptions, 'now' | 'longestPauseMs'>,
): boolean {
  return !hasPassed(row.retry_at, now, longestPauseMs);
}

/** Takes the lease, if the generation is still the current one, nobody has it, and it is time. */
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

/** Makes a refused token nobody's: it is not handed out again, even where no other can be had. */
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
 * Puts the new token in the place of the old one, gives the lease back, and makes its renewal due at
 * `renewAt` (epoch ms), all at once.
 * @returns whether the lease was still the caller's; if not, nothing was done.
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

/** Gives the lease back without a token; `failed` where the token server was asked in vain. */
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
