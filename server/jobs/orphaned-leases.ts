import type { Store } from '../store/store';

/** A lease that ends later than any lease can by the clock of the process that read it. */
interface LongLease {
  id: string;
  lease_token: string | null;
  lease_until: number | null;
}

/** The leases that looked too long at the last check, by the id of their job. */
export type LongLeases = ReadonlyMap<string, LongLease>;

const MAX_LEASES_PER_CHECK = 1_000;

/**
 * Ends leases that were made before the clock was set back, and that no process holds any more. The clock alone
 * does not tell: to a process that was suspended after it had read its clock, valid leases look too long as well.
 * A held lease is renewed, so only one that has not changed since the last check is ended. Checks must be
 * farther apart than renewals.
 * @param longest the latest end of a valid lease, epoch ms
 * @returns the leases that look too long now, for the next check
 */
export async function endOrphanedLeases(
  store: Store,
  longest: number,
  before: LongLeases,
): Promise<LongLeases> {
  const leases = await store
    .selectFrom('jobs')
    .select(['id', 'lease_token', 'lease_until'])
    .where('lease_until', '>', longest)
    .limit(MAX_LEASES_PER_CHECK)
    .execute();
  for (const lease of leases) {
    const known = before.get(lease.id);
    if (known?.lease_token === lease.lease_token && known.lease_until === lease.lease_until)
      await endLease(store, lease);
  }
  return new Map(leases.map((lease) => [lease.id, lease]));
}

async function endLease(store: Store, { id, lease_token, lease_until }: LongLease): Promise<void> {
  await store
    .updateTable('jobs')
    .set({ lease_token: null, lease_until: null })
    .where('id', '=', id)
    .where('lease_token', '=', lease_token)
    .where('lease_until', '=', lease_until)
    .execute();
}
