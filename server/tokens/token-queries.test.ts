import { openStore, type OpenStore } from '../store/open-store';
import { createTestStore, dialects, type TestStore } from '../testing/test-stores';
import {
  claimTokenLease,
  releaseTokenLease,
  ensureTokenRow,
  readTokenRow,
  storeToken,
  TOKEN_JOB,
  invalidateToken,
} from './token-queries';

const NOW = 1_800_000_000_000;
const LEASE_MS = 12_000;
const platform = 'shingsou';

describe.each(dialects)('the lease on the next token (%s)', (dialect) => {
  let testStore: TestStore;
  let opened: OpenStore;
  beforeAll(async () => {
    testStore = await createTestStore(dialect);
    opened = await openStore(testStore.databaseUrl, { warn: () => undefined });
  });
  afterAll(async () => {
    await opened.close();
    await testStore.remove();
  });
  beforeEach(async () => {
    await opened.store.deleteFrom('tokens').execute();
    await opened.store.deleteFrom('jobs').execute();
    await ensureTokenRow(opened.store, platform);
  });

  function claim(now: number, generation = 0) {
    const limits = { leaseMs: LEASE_MS, longestPauseMs: 60_000 };
    return claimTokenLease(opened.store, { platform, generation, now, ...limits });
  }

  function storeWith(lease: Awaited<ReturnType<typeof claim>>, sealed: string) {
    const times = { asked_at: NOW, expires_at: NOW + 7_200_000, renewAt: NOW + 60_000 };
    return storeToken(opened.store, lease!, { sealed, ...times, failures: 0, retry_at: null });
  }

  test('is granted to one of many concurrent claims', async () => {
    const claims = await Promise.all(Array.from({ length: 12 }, () => claim(NOW)));
    expect(claims.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  test('is not granted for a token that has been replaced already', async () => {
    await storeWith(await claim(NOW), 'first');
    expect(await claim(NOW, 0)).toBeUndefined();
    expect(await claim(NOW, 1)).toBeDefined();
  });

  test('can be claimed again after it has expired or was released', async () => {
    const first = await claim(NOW);
    expect(await claim(NOW + LEASE_MS - 1)).toBeUndefined();
    const second = await claim(NOW + LEASE_MS);
    await releaseTokenLease(opened.store, first!, undefined);
    expect(await claim(NOW + LEASE_MS)).toBeUndefined();
    await releaseTokenLease(opened.store, second!, undefined);
    expect(await claim(NOW + LEASE_MS)).toBeDefined();
  });

  test('is not granted during the backoff after a failed request', async () => {
    await releaseTokenLease(opened.store, (await claim(NOW))!, { failures: 1, retryAt: NOW + 800 });
    expect(await claim(NOW + 799)).toBeUndefined();
    expect((await claim(NOW + 800))?.row.failures).toBe(1);
  });

  test('counts as expired if a clock was set back since', async () => {
    await claim(NOW);
    expect(await claim(NOW - 60 * 60_000)).toBeDefined();
  });

  test('stores nothing after it has expired, and schedules the renewal otherwise', async () => {
    const lost = await claim(NOW);
    const held = await claim(NOW + LEASE_MS);
    expect(await storeWith(lost, 'late')).toBe(false);
    expect(await opened.store.selectFrom('jobs').selectAll().execute()).toEqual([]);
    expect(await storeWith(held, 'good')).toBe(true);
    expect(await readTokenRow(opened.store, platform)).toMatchObject({
      generation: 1,
      sealed: 'good',
      lease_token: null,
    });
    expect(await opened.store.selectFrom('jobs').selectAll().execute()).toEqual([
      expect.objectContaining({ kind: TOKEN_JOB, subject_id: platform, run_at: NOW + 60_000 }),
    ]);
  });

  test('is not needed to invalidate a token, which does not affect a newer one', async () => {
    await storeWith(await claim(NOW), 'first');
    await storeWith(await claim(NOW, 1), 'second');
    await invalidateToken(opened.store, platform, 1);
    expect(await readTokenRow(opened.store, platform)).toMatchObject({ sealed: 'second' });
    await invalidateToken(opened.store, platform, 2);
    expect(await readTokenRow(opened.store, platform)).toMatchObject({ sealed: null });
  });
});
