import { dialects, openTestStore } from '../testing/test-stores';
import {
  type ClaimedJob,
  claimJobs,
  deleteJob,
  extendLease,
  failJob,
  finishJob,
  releaseJob,
  scheduleJob,
} from './job-queries';
import { endOrphanedLeases } from './orphaned-leases';

const LEASE_MS = 60_000;

describe.each(dialects)('jobs (%s)', (dialect) => {
  const store = openTestStore(dialect);
  beforeEach(async () => {
    await store.deleteFrom('jobs').execute();
  });

  function schedule(subjectId: string, runAt: number) {
    return scheduleJob(store, { kind: 'test', subjectId, runAt });
  }

  function claim(now: number, limit = 10) {
    return claimJobs(store, { now, limit, leaseMs: LEASE_MS });
  }

  async function claimOne(now: number): Promise<ClaimedJob> {
    const [job, ...others] = await claim(now);
    expect(others).toEqual([]);
    return job!;
  }

  function subjects(jobs: ClaimedJob[]) {
    return jobs.map(({ subject_id: subject }) => subject).sort();
  }

  function rows() {
    return store.selectFrom('jobs').selectAll().execute();
  }

  test('a job is claimed when it is due, not before', async () => {
    await schedule('a', 1_000);
    expect(await claim(999)).toEqual([]);
    expect(subjects(await claim(1_000))).toEqual(['a']);
  });

  test('the longest due jobs are claimed first, at most `limit`', async () => {
    await schedule('late', 300);
    await schedule('early', 100);
    await schedule('middle', 200);
    expect(subjects(await claim(1_000, 2))).toEqual(['early', 'middle']);
    expect(subjects(await claim(1_000, 2))).toEqual(['late']);
  });

  test('scheduling again changes when the existing job is due', async () => {
    await schedule('a', 5_000);
    await schedule('a', 1_000);
    expect(await rows()).toHaveLength(1);
    expect(subjects(await claim(1_000))).toEqual(['a']);
  });

  test('each kind and subject has a job of its own', async () => {
    await schedule('a', 1);
    await schedule('b', 1);
    await scheduleJob(store, { kind: 'other', subjectId: 'a', runAt: 1 });
    expect(await rows()).toHaveLength(3);
    await deleteJob(store, 'test', 'a');
    expect(await rows()).toHaveLength(2);
  });

  describe('a lease', () => {
    test('keeps others from claiming the job until it expires', async () => {
      await schedule('a', 1_000);
      await claimOne(1_000);
      expect(await claim(1_000 + LEASE_MS - 1)).toEqual([]);
      expect((await claimOne(1_000 + LEASE_MS)).attempts).toBe(2);
    });

    test('is given to one of many concurrent claims', async () => {
      for (let count = 0; count < 20; count += 1) await schedule(`job ${count}`, 1);
      const claims = await Promise.all(Array.from({ length: 8 }, () => claim(10, 5)));
      const claimed = claims.flat().map(({ id }) => id);
      expect(claimed).toHaveLength(20);
      expect(new Set(claimed).size).toBe(20);
    });

    test('that was lost makes updates by its previous holder ineffective', async () => {
      await schedule('a', 1_000);
      const slow = await claimOne(1_000);
      const later = 1_000 + LEASE_MS;
      const quick = await claimOne(later);
      await finishJob(store, slow, null);
      await finishJob(store, slow, 99_000_000);
      await failJob(store, slow, 99_000_000);
      await releaseJob(store, slow);
      expect(await extendLease(store, slow, 99_000_000)).toBe(false);
      expect(await rows()).toEqual([
        expect.objectContaining({ lease_token: quick.lease_token, run_at: 1_000 }),
      ]);
      await finishJob(store, quick, later + 5_000);
      expect((await claimOne(later + 5_000)).id).toBe(quick.id);
    });
  });

  describe('a lease that is extended', () => {
    test('keeps others from claiming the job for longer', async () => {
      await schedule('a', 1_000);
      const job = await claimOne(1_000);
      expect(await extendLease(store, job, 1_000 + LEASE_MS + 500)).toBe(true);
      expect(await claim(1_000 + LEASE_MS + 499)).toEqual([]);
      await claimOne(1_000 + LEASE_MS + 500);
    });
  });

  describe('attempts', () => {
    test('are counted while runs fail, even if the job is rescheduled, and reset by a success', async () => {
      await schedule('a', 1);
      await failJob(store, await claimOne(1), 2);
      await schedule('a', 3);
      const second = await claimOne(3);
      await failJob(store, second, 4);
      const third = await claimOne(4);
      await finishJob(store, third, 5);
      const fourth = await claimOne(5);
      expect([second, third, fourth].map(({ attempts }) => attempts)).toEqual([2, 3, 1]);
    });

    test('do not count a run whose job was released', async () => {
      await schedule('a', 1);
      await releaseJob(store, await claimOne(1));
      expect(await rows()).toEqual([
        expect.objectContaining({ attempts: 0, run_at: 1, lease_token: null }),
      ]);
    });
  });

  describe('a job that is finished', () => {
    test('for ever is deleted', async () => {
      await schedule('a', 1);
      await finishJob(store, await claimOne(1), null);
      expect(await rows()).toEqual([]);
    });

    test('for now is due again at the given time', async () => {
      await schedule('a', 1);
      await finishJob(store, await claimOne(1), 5_000);
      expect(await claim(4_999)).toEqual([]);
      await claimOne(5_000);
    });

    test.each([
      ['for good', null],
      ['until later', 900_000],
    ])('%s stays due at the time for which it was rescheduled while it ran', async (_, runAt) => {
      await schedule('a', 1);
      const job = await claimOne(1);
      await schedule('a', 2_000);
      expect(await claim(2_000)).toEqual([]);
      await finishJob(store, job, runAt);
      expect((await claimOne(2_000)).id).toBe(job.id);
    });

    test('that was deleted while it ran stays deleted', async () => {
      await schedule('a', 1);
      const job = await claimOne(1);
      await deleteJob(store, 'test', 'a');
      await finishJob(store, job, 5_000);
      expect(await rows()).toEqual([]);
    });

    test('that was deleted and scheduled again while it ran is left as scheduled', async () => {
      await schedule('a', 1);
      const job = await claimOne(1);
      await deleteJob(store, 'test', 'a');
      await schedule('a', 7_000);
      await finishJob(store, job, null);
      expect(await rows()).toEqual([expect.objectContaining({ run_at: 7_000, lease_token: null })]);
    });
  });

  test('a job is not scheduled if its transaction fails', async () => {
    const failing = store.transaction().execute(async (tx) => {
      await scheduleJob(tx, { kind: 'test', subjectId: 'a', runAt: 1 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });

  test('a job that is too far ahead is due: the clock was set back', async () => {
    await schedule('then', 61 * 60_000);
    expect(subjects(await claim(60 * 60_000))).toEqual([]);
    expect(subjects(await claim(0))).toEqual(['then']);
  });

  test('jobs and leases of a process whose clock is slightly ahead are respected', async () => {
    await schedule('held', 30_000);
    await claimOne(30_000);
    await schedule('later', 30_000 + 15 * 60_000);
    expect(await claim(0)).toEqual([]);
  });

  test('a lease that ends too far ahead is not claimed: the caller may have been suspended', async () => {
    await schedule('held', 0);
    await claim(60 * 60_000);
    expect(await claim(0)).toEqual([]);
  });

  describe('a lease that looks too long', () => {
    const LONGEST = 2 * 60_000;

    test('is ended if it has not been renewed between two checks: the clock was set back', async () => {
      await schedule('held', 0);
      await claim(60 * 60_000);
      const seen = await endOrphanedLeases(store, LONGEST, new Map());
      expect(await claim(0)).toEqual([]);
      await endOrphanedLeases(store, LONGEST, seen);
      expect(subjects(await claim(0))).toEqual(['held']);
    });

    test('stays if it was renewed or claimed by another process between the checks', async () => {
      await schedule('renewed', 0);
      const job = await claimOne(60 * 60_000);
      const seen = await endOrphanedLeases(store, LONGEST, new Map());
      expect(await extendLease(store, job, 62 * 60_000)).toBe(true);
      const seenAgain = await endOrphanedLeases(store, LONGEST, seen);
      expect(await claim(0)).toEqual([]);
      await finishJob(store, job, 0);
      await claim(60 * 60_000);
      await endOrphanedLeases(store, LONGEST, seenAgain);
      expect(await claim(0)).toEqual([]);
    });

    test('is not touched if it is as long as a lease can be', async () => {
      await schedule('held', 0);
      await claim(0);
      const seen = await endOrphanedLeases(store, LONGEST, new Map());
      expect(seen.size).toBe(0);
      await endOrphanedLeases(store, LONGEST, seen);
      expect(await claim(0)).toEqual([]);
    });
  });
});
