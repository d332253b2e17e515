import type { IssuedToken } from '../platforms/token-holder';
import { PlatformUnavailable } from '../platforms/ports';
import { openStore, type OpenStore } from '../store/open-store';
import { eventually } from '../testing/eventually';
import { createTestStore, dialects, type TestStore } from '../testing/test-stores';
import { createSharedTokenHolder } from './shared-token-holder';
import type { SharedTokenHolder } from './shared-token-holder';
import { renewToken } from './renew-token';
import { readTokenRow, TOKEN_JOB } from './token-queries';
import { createTokenCipher } from './token-cipher';

const HOUR = 3_600;
const START = 1_800_000_000_000;
const FETCH_MS = 3_000;
const LEASE_MS = 5_000;

describe.each(dialects)('a token shared by processes (%s)', (dialect) => {
  let testStore: TestStore;
  let opened: OpenStore;
  let now: number;
  let issued: number;
  let beforeFetch: () => Promise<void>;
  let refreshOutcomes: string[];
  let holders: SharedTokenHolder[];

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
    now = START;
    issued = 0;
    beforeFetch = () => Promise.resolve();
    refreshOutcomes = [];
    holders = [];
  });
  afterEach(async () => {
    await Promise.all(holders.map((holder) => holder.close()));
  });

  /** Simulates another process: a holder with a state of its own. */
  function start({ secret = 'secret', expiresIn = 2 * HOUR } = {}): SharedTokenHolder {
    const holder = createSharedTokenHolder({
      platform: 'shingsou',
      store: opened.store,
      cipher: createTokenCipher({ platform: 'shingsou', clientSecret: secret, issuedFor: [] }),
      fetchToken: async (): Promise<IssuedToken> => {
        await beforeFetch();
        issued += 1;
        return { value: `token-${String(issued)}`, expiresIn };
      },
      fetchTimeoutMs: FETCH_MS,
      clock: () => now,
      random: () => 0,
      observer: {
        refreshed: (_, outcome) => refreshOutcomes.push(outcome),
        waited: () => undefined,
      },
    });
    holders.push(holder);
    return holder;
  }

  async function valueOf(holder: SharedTokenHolder): Promise<string> {
    return (await holder.current()).value;
  }

  function row() {
    return readTokenRow(opened.store, 'shingsou');
  }

  const down = () => Promise.reject(new PlatformUnavailable('token server down'));

  /** Makes the next fetch wait until it is released. */
  function pauseFetch() {
    let hasStarted = false;
    let release: () => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const blocked = new Promise<void>((resolve, reject) => {
      release = resolve;
      fail = reject;
    });
    beforeFetch = () => {
      hasStarted = true;
      return blocked;
    };
    return { hasStarted: () => hasStarted, letGo: release, fail };
  }

  test('is fetched once for all concurrent first callers', async () => {
    const processes = [start(), start(), start(), start()];
    const calls = processes.flatMap((holder) => Array.from({ length: 10 }, () => valueOf(holder)));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['token-1']));
    expect(issued).toBe(1);
    expect(refreshOutcomes).toEqual(['obtained']);
  });

  test('is still used after the process that fetched it has ended', async () => {
    await valueOf(start());
    expect(await start().current()).toMatchObject({
      value: 'token-1',
      expiresAt: START + 2 * HOUR * 1_000,
    });
    expect(issued).toBe(1);
  });

  test('is not stored in plain text', async () => {
    await valueOf(start());
    expect(JSON.stringify(await row())).not.toContain('token-1');
  });

  test('is fetched again by a process with another secret', async () => {
    await valueOf(start());
    expect(await valueOf(start({ secret: 'changed' }))).toBe('token-2');
  });

  describe('that was refused', () => {
    test('is replaced once for all callers that were refused', async () => {
      const processes = [start(), start(), start(), start()];
      for (const holder of processes) await valueOf(holder);
      const calls = processes.flatMap((holder) =>
        Array.from({ length: 10 }, () => holder.refresh('token-1')),
      );
      const values = (await Promise.all(calls)).map(({ value }) => value);
      expect(new Set(values)).toEqual(new Set(['token-2']));
      expect(issued).toBe(2);
    });

    test('is not replaced if another process has replaced it already', async () => {
      const [first, second] = [start(), start()];
      await valueOf(first);
      await valueOf(second);
      await first.refresh('token-1');
      expect((await second.refresh('token-1')).value).toBe('token-2');
      expect(await valueOf(second)).toBe('token-2');
      expect(issued).toBe(2);
    });

    test('is replaced if the process held an older one in memory', async () => {
      const [first, second] = [start(), start()];
      await valueOf(second);
      await first.refresh(await valueOf(first));
      expect((await second.refresh('token-2')).value).toBe('token-3');
    });

    test('is not used again by any process, even if no other token can be obtained', async () => {
      const [first, second] = [start(), start()];
      await valueOf(first);
      beforeFetch = down;
      await expect(first.refresh('token-1')).rejects.toThrow('token server down');
      await expect(first.current()).rejects.toThrow(PlatformUnavailable);
      await expect(second.current()).rejects.toThrow(PlatformUnavailable);
    });

    test('repeatedly is replaced with backoff, since the cause is not the token', async () => {
      const holder = start();
      let token = await valueOf(holder);
      let refused = 0;
      for (let tenth = 0; tenth < 600; tenth += 1) {
        const next = await holder.refresh(token).catch(() => undefined);
        if (next) token = next.value;
        else refused += 1;
        now += 100;
      }
      expect(issued).toBeLessThanOrEqual(9);
      expect(refused).toBeGreaterThan(500);
      now += 61_000;
      expect((await holder.refresh(token)).value).toBe(`token-${String(issued)}`);
    });
  });

  describe('before it expires', () => {
    const AHEAD = 5 * 60_000;

    test('is replaced by the first caller, and used in the meantime', async () => {
      const [first, second] = [start(), start()];
      await valueOf(first);
      await valueOf(second);
      now += 2 * HOUR * 1_000 - AHEAD;
      const { hasStarted, letGo: release } = pauseFetch();
      expect(await valueOf(first)).toBe('token-1');
      await eventually('a fetch is under way', hasStarted);
      expect(await Promise.all([valueOf(first), valueOf(second)])).toEqual(['token-1', 'token-1']);
      release();
      await first.close();
      now += 1_000;
      expect(await Promise.all([valueOf(first), valueOf(second)])).toEqual(['token-2', 'token-2']);
      expect(issued).toBe(2);
    });

    test('is used until it expires if no other can be obtained', async () => {
      const holder = start();
      await valueOf(holder);
      beforeFetch = down;
      now += 2 * HOUR * 1_000 - AHEAD;
      for (; now < START + 2 * HOUR * 1_000; now += 10_000) {
        expect(await valueOf(holder)).toBe('token-1');
      }
      await holder.close();
      await expect(holder.current()).rejects.toThrow(PlatformUnavailable);
    });

    test('is replaced by its job even if it is not in use, and the job is scheduled again', async () => {
      const holder = start();
      const run = (platform: string) =>
        renewToken({ clock: () => now, holders: { shingsou: holder } }, platform);
      await valueOf(holder);
      const jobs = () => opened.store.selectFrom('jobs').selectAll().execute();
      expect(await jobs()).toEqual([
        expect.objectContaining({ kind: TOKEN_JOB, subject_id: 'shingsou' }),
      ]);
      for (let looks = 0; looks < 20; looks += 1) now = (await run('shingsou')) ?? 0;
      expect(issued).toBeGreaterThan(1);
      expect(await valueOf(start())).toBe(`token-${String(issued)}`);
      beforeFetch = down;
      now += 2 * HOUR * 1_000;
      expect(await run('shingsou')).toBeGreaterThan(now);
      expect(await run('gone')).toBeNull();
    });
  });

  describe('that cannot be obtained', () => {
    test('is requested with backoff by all processes together', async () => {
      const processes = [start(), start()];
      let asked = 0;
      beforeFetch = () => {
        asked += 1;
        return down();
      };
      for (let second = 0; second < 300; second += 1) {
        for (const holder of processes) {
          await expect(holder.current()).rejects.toThrow(PlatformUnavailable);
        }
        now += 1_000;
      }
      expect(asked).toBeLessThanOrEqual(16);
      beforeFetch = () => Promise.resolve();
      now += 60_000;
      expect(await valueOf(processes[0]!)).toBe('token-1');
      expect(await row()).toMatchObject({ failures: 0, retry_at: null });
    });

    test('makes the waiting processes fail without delay', async () => {
      const [first, second] = [start(), start()];
      const { hasStarted, fail } = pauseFetch();
      const asking = expect(first.current()).rejects.toThrow('token server down');
      await eventually('a fetch is under way', hasStarted);
      const waiting = expect(second.current()).rejects.toThrow(
        'backing off after a failed request',
      );
      fail(new PlatformUnavailable('token server down'));
      await Promise.all([asking, waiting]);
      expect(refreshOutcomes).toEqual(['failed']);
    });
  });

  describe('while a process holds the lease', () => {
    test('and crashes is fetched by another process after the lease has expired', async () => {
      const [dead, alive] = [start(), start()];
      const { hasStarted } = pauseFetch();
      void dead.current();
      await eventually('a fetch is under way', hasStarted);
      holders.shift();
      beforeFetch = () => Promise.resolve();
      const waiting = alive.current();
      now += LEASE_MS - 1;
      expect(issued).toBe(0);
      now += 1;
      expect((await waiting).value).toBe('token-1');
    });

    test('and is slow does not prevent another process from shutting down', async () => {
      const [slow, stopping] = [start(), start()];
      const { hasStarted, letGo: release } = pauseFetch();
      const asking = slow.current();
      await eventually('a fetch is under way', hasStarted);
      const waiting = expect(stopping.current()).rejects.toThrow('shutting down');
      await stopping.close();
      await waiting;
      release();
      expect((await asking).value).toBe('token-1');
    });

    test('and answers after it has expired does not overwrite the newer token', async () => {
      const [slow, quick] = [start(), start()];
      const { hasStarted, letGo: release } = pauseFetch();
      const late = slow.current();
      await eventually('a fetch is under way', hasStarted);
      beforeFetch = () => Promise.resolve();
      now += LEASE_MS;
      const { value } = await quick.current();
      release();
      expect((await late).value).toBe(value);
      expect(await row()).toMatchObject({ generation: 1, lease_token: null });
      expect(refreshOutcomes).toEqual(['obtained', 'late']);
    });
  });

  test('is used while the store does not answer', async () => {
    const other = await createTestStore(dialect);
    const closing = await openStore(other.databaseUrl, { warn: () => undefined });
    const holder = createSharedTokenHolder({
      platform: 'shingsou',
      store: closing.store,
      cipher: createTokenCipher({ platform: 'shingsou', clientSecret: 'secret', issuedFor: [] }),
      fetchToken: () => Promise.resolve({ value: 'token-1', expiresIn: 60 }),
      fetchTimeoutMs: FETCH_MS,
      clock: () => now,
    });
    await holder.current();
    await closing.close();
    await other.remove();
    now += 50_000;
    expect((await holder.current()).value).toBe('token-1');
    now += 10_000;
    await expect(holder.current()).rejects.toThrow();
  });
});
