import type { QueryCreator, Transaction } from 'kysely';
import { newId } from '../store/ids';
import type { Database, JobRow } from '../store/schema';
import type { Dialect, Store } from '../store/store';
import { dialectOf } from '../store/store';

/**
 * Jobs: one row for each thing that has something due, so that scheduling it again only moves its time.
 * A worker holds a job by a lease; a lease that ran out is anybody's, and its old holder's word is void.
 */
export interface ClaimedJob extends JobRow {
  lease_token: string;
}

type Writer = Store | Transaction<Database>;

/**
 * No job is scheduled farther ahead than this. One that is was scheduled before the clock was set back,
 * and is due: waiting for the clock to come there again could take hours.
 */
export const MAX_SCHEDULE_AHEAD_MS = 15 * 60_000;

/** The clocks of several processes, and of one between two of its statements, differ by less than this. */
const MAX_CLOCK_SKEW_MS = 60_000;

/**
 * Makes something due at `runAt` (epoch ms), or moves when it is due. Call it in the transaction that
 * makes it necessary.
 */
export async function scheduleJob(
  writer: Writer,
  job: { kind: string; subjectId: string; runAt: number },
): Promise<void> {
  await writer
    .insertInto('jobs')
    .values({
      id: newId(),
      kind: job.kind,
      subject_id: job.subjectId,
      run_at: job.runAt,
      attempts: 0,
      generation: 0,
      lease_token: null,
      lease_until: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject_id']).doUpdateSet((eb) => ({
        run_at: job.runAt,
        generation: eb('jobs.generation', '+', 1),
      })),
    )
    .execute();
}

/** Takes something off the list: nothing more is due for it. */
export async function deleteJob(writer: Writer, kind: string, subjectId: string): Promise<void> {
  await writer
    .deleteFrom('jobs')
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .execute();
}

interface ClaimOptions {
  /** Epoch ms. */
  now: number;
  limit: number;
  leaseMs: number;
}

/**
 * Leases up to `limit` due jobs to the caller until `now + leaseMs`, those that wait longest first. Every
 * claim counts as an attempt until a run ends well.
 */
export async function claimJobs(store: Store, claim: ClaimOptions): Promise<ClaimedJob[]> {
  const token = newId();
  const rows = await store
    // Materialized, so that the rows are chosen, and on PostgreSQL locked, once and no more than asked for.
    .with(
      (cte) => cte('due').materialized(),
      (db) => dueJobs(db, dialectOf(store), claim),
    )
    .updateTable('jobs')
    .set((eb) => ({
      lease_token: token,
      lease_until: claim.now + claim.leaseMs,
      attempts: eb('attempts', '+', 1),
    }))
    .where('id', 'in', (query) => query.selectFrom('due').select('id'))
    .returningAll()
    .execute();
  return rows.map((row) => ({ ...row, lease_token: token }));
}

/**
 * A lease that is much longer than any is given was given before the clock was set back, and is over. Much longer: a
 * process that was held up between reading its clock and asking here takes good leases for long ones.
 */
function dueJobs(
  db: QueryCreator<Database>,
  dialect: Dialect,
  { now, limit, leaseMs }: ClaimOptions,
) {
  const due = db
    .selectFrom('jobs')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('run_at', '<=', now),
        eb('run_at', '>', now + MAX_SCHEDULE_AHEAD_MS + MAX_CLOCK_SKEW_MS),
      ]),
    )
    .where((eb) =>
      eb.or([
        eb('lease_until', 'is', null),
        eb('lease_until', '<=', now),
        eb('lease_until', '>', now + leaseMs + MAX_SCHEDULE_AHEAD_MS),
      ]),
    )
    .orderBy('run_at')
    .limit(limit);
  // What another process is just claiming is not worth waiting for. SQLite has one writer at a time.
  return dialect === 'postgres' ? due.forUpdate().skipLocked() : due;
}

/** @returns whether the lease was still the caller's, and so now lasts until `until` (epoch ms) */
export async function extendLease(store: Store, job: ClaimedJob, until: number): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('jobs')
    .set({ lease_until: until })
    .where('id', '=', job.id)
    .where('lease_token', '=', job.lease_token)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/**
 * Gives a lease back after a run that ended well. The job is next due at `runAt` (null: never again),
 * unless it was scheduled anew while it ran. Does nothing if the lease was lost to another worker.
 */
export async function finishJob(
  store: Store,
  job: ClaimedJob,
  runAt: number | null,
): Promise<void> {
  if (runAt === null) {
    await store
      .deleteFrom('jobs')
      .where('id', '=', job.id)
      .where('lease_token', '=', job.lease_token)
      .where('generation', '=', job.generation)
      .execute();
  }
  await releaseLease(store, job, { runAt: runAt ?? job.run_at, attempts: 0 });
}

/** Gives a lease back after a run that failed, which counts as an attempt; otherwise as `finishJob`. */
export async function failJob(store: Store, job: ClaimedJob, runAt: number): Promise<void> {
  await releaseLease(store, job, { runAt, attempts: job.attempts });
}

/** Gives a lease back as it was before it was claimed: for anybody to take up at once. */
export async function releaseJob(store: Store, job: ClaimedJob): Promise<void> {
  await releaseLease(store, job, { runAt: job.run_at, attempts: job.attempts - 1 });
}

async function releaseLease(
  store: Store,
  job: ClaimedJob,
  { runAt, attempts }: { runAt: number; attempts: number },
): Promise<void> {
  await store
    .updateTable('jobs')
    .set((eb) => ({
      lease_token: null,
      lease_until: null,
      attempts,
      run_at: eb
        .case()
        .when('generation', '=', job.generation)
        .then(eb.val(runAt))
        .else(eb.ref('run_at'))
        .end(),
    }))
    .where('id', '=', job.id)
    .where('lease_token', '=', job.lease_token)
    .execute();
}
