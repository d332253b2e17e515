import type { Transaction } from 'kysely';
import { newId } from '../store/ids';
import type { Database, JobRow } from '../store/schema';
import type { Store } from '../store/sqlite';

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
export const FARTHEST_MS = 15 * 60_000;

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
        attempts: 0,
        generation: eb('jobs.generation', '+', 1),
      })),
    )
    .execute();
}

/** Takes something off the list: nothing more is due for it. */
export async function dropJob(writer: Writer, kind: string, subjectId: string): Promise<void> {
  await writer
    .deleteFrom('jobs')
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .execute();
}

/**
 * Leases up to `limit` due jobs to the caller until `now + leaseMs`. A lease that is longer than that was
 * given before the clock was set back, and is over.
 */
export async function claimJobs(
  store: Store,
  { now, limit, leaseMs }: { now: number; limit: number; leaseMs: number },
): Promise<ClaimedJob[]> {
  const token = newId();
  const rows = await store
    .updateTable('jobs')
    .set((eb) => ({
      lease_token: token,
      lease_until: now + leaseMs,
      attempts: eb('attempts', '+', 1),
    }))
    .where('id', 'in', (query) =>
      query
        .selectFrom('jobs')
        .select('id')
        .where((eb) => eb.or([eb('run_at', '<=', now), eb('run_at', '>', now + FARTHEST_MS)]))
        .where((eb) =>
          eb.or([
            eb('lease_until', 'is', null),
            eb('lease_until', '<=', now),
            eb('lease_until', '>', now + leaseMs),
          ]),
        )
        .orderBy('run_at')
        .limit(limit),
    )
    .returningAll()
    .execute();
  return rows.map((row) => ({ ...row, lease_token: token }));
}

/**
 * Gives a lease back. The job is next due at `runAt` (null: never again), unless it was scheduled anew
 * while it ran. Does nothing if the lease was lost to another worker.
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
  await store
    .updateTable('jobs')
    .set((eb) => ({
      lease_token: null,
      lease_until: null,
      run_at: eb
        .case()
        .when('generation', '=', job.generation)
        .then(runAt ?? job.run_at)
        .else(eb.ref('run_at'))
        .end(),
    }))
    .where('id', '=', job.id)
    .where('lease_token', '=', job.lease_token)
    .execute();
}
