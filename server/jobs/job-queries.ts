import type { QueryCreator } from 'kysely';
import { newId } from '../store/ids';
import type { Database, JobRow } from '../store/schema';
import type { Dialect, Store, StoreOrTx } from '../store/store';
import { dialectOf } from '../store/store';

/**
 * A job that a worker holds by a lease. There is one job for each kind and subject, so scheduling it again
 * only changes when it is due. After a lease has expired any worker can claim the job, and updates by its
 * previous holder have no effect.
 */
export interface ClaimedJob extends JobRow {
  lease_token: string;
}

/**
 * No job is scheduled farther ahead than this, in ms. A job that is farther ahead was scheduled before the
 * clock was set back; it counts as due, because the clock could take hours to reach its time again.
 */
export const MAX_SCHEDULE_AHEAD_MS = 15 * 60_000;

/** The clocks of several processes, and of one process between two statements, differ by less than this. */
export const MAX_CLOCK_SKEW_MS = 60_000;

/**
 * Schedules a job for `runAt` (epoch ms), or changes when it is due. Call it in the transaction that makes
 * the job necessary.
 */
export async function scheduleJob(
  writer: StoreOrTx,
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

/** Deletes the job of a subject. */
export async function deleteJob(writer: StoreOrTx, kind: string, subjectId: string): Promise<void> {
  await writer
    .deleteFrom('jobs')
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .execute();
}

/** Whether a job of a kind exists for a subject that sorts after `subjectId`. */
export async function hasJobAfter(store: Store, kind: string, subjectId: string): Promise<boolean> {
  const job = await store
    .selectFrom('jobs')
    .select('id')
    .where('kind', '=', kind)
    .where('subject_id', '>', subjectId)
    .limit(1)
    .executeTakeFirst();
  return job !== undefined;
}

interface ClaimOptions {
  /** Epoch ms. */
  now: number;
  limit: number;
  leaseMs: number;
}

/**
 * Leases up to `limit` due jobs to the caller until `now + leaseMs`, the longest due first. Each claim
 * counts as an attempt until a run succeeds.
 */
export async function claimJobs(store: Store, claim: ClaimOptions): Promise<ClaimedJob[]> {
  const token = newId();
  const rows = await store
    // Materialized, so that the rows are selected (and on PostgreSQL locked) once, and at most `limit`.
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

/** Selects due jobs. A lease that ends later than any lease can is left to `endOrphanedLeases`. */
function dueJobs(
  db: QueryCreator<Database>,
  dialect: Dialect,
  { now, limit }: Omit<ClaimOptions, 'leaseMs'>,
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
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<=', now)]))
    .orderBy('run_at')
    .limit(limit);
  // Jobs that another process is claiming are skipped. SQLite has one writer at a time.
  return dialect === 'postgres' ? due.forUpdate().skipLocked() : due;
}

/**
 * Extends a lease until `until` (epoch ms).
 * @returns false if the lease was lost to another worker
 */
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
 * Releases a lease after a successful run. The job is due again at `runAt` (null: never), unless it was
 * scheduled while it ran. Does nothing if the lease was lost to another worker.
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

/** Releases a lease after a failed run, which counts as an attempt; otherwise as `finishJob`. */
export async function failJob(store: Store, job: ClaimedJob, runAt: number): Promise<void> {
  await releaseLease(store, job, { runAt, attempts: job.attempts });
}

/** Releases a lease and restores the job as it was before the claim, so that it can be claimed at once. */
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
