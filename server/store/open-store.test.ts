import { writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { startPostgres } from '../../config/postgres';
import { runSql } from '../testing/postgres';
import { createTestStore, dialects, type TestStore } from '../testing/test-stores';
import { parseDatabaseUrl } from './database-url';
import { newId } from './ids';
import { openForTool, openStore } from './open-store';
import { type Store, StoreError } from './store';

let warnings: string[];
let testStore: TestStore;
beforeEach(() => {
  warnings = [];
});
afterEach(() => testStore.remove());

function open(databaseUrl: string, acceptLoss = false) {
  return openStore(databaseUrl, {
    acceptDataLoss: acceptLoss,
    warn: (message) => warnings.push(message),
  });
}

async function withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
  const { store, close } = await open(testStore.databaseUrl);
  try {
    return await use(store);
  } finally {
    await close();
  }
}

function addUser(store: Store, openid: string, createdAt = 1) {
  const row = { id: newId(), app_id: 'wx', openid, created_at: createdAt };
  return store.insertInto('users').values(row).execute();
}

function openids(store: Store) {
  return store.selectFrom('users').select('openid').orderBy('openid').execute();
}

describe.each(dialects)('an open store (%s)', (dialect) => {
  beforeEach(async () => {
    testStore = await createTestStore(dialect);
  });

  test('knows its dialect, and is durable without a warning', async () => {
    const opened = await open(testStore.databaseUrl);
    await opened.close();
    expect([opened.dialect, warnings]).toEqual([dialect, []]);
  });

  test('keeps committed changes and no others', async () => {
    await withStore(async (store) => {
      await addUser(store, 'kept');
      const failing = store.transaction().execute(async (tx) => {
        await addUser(tx, 'lost');
        throw new Error('power cut');
      });
      await expect(failing).rejects.toThrow('power cut');
    });
    expect(await withStore(openids)).toEqual([{ openid: 'kept' }]);
  });

  test('fails a transaction that continues after a failed statement, and keeps all or nothing', async () => {
    await withStore(async (store) => {
      const going = store.transaction().execute(async (tx) => {
        await addUser(tx, 'before');
        await sql`select * from nowhere`.execute(tx).catch(() => undefined);
      });
      const outcome = await going.then(
        () => 'committed',
        () => 'failed',
      );
      const rows = await openids(store);
      expect([outcome, rows.length]).toEqual(
        dialect === 'sqlite' ? ['committed', 1] : ['failed', 0],
      );
    });
  });

  test('reads counts, sums, instants and amounts as numbers', async () => {
    await withStore(async (store) => {
      await addUser(store, 'a', 1_800_000_000_000);
      await addUser(store, 'b', Number.MAX_SAFE_INTEGER - 1_800_000_000_000);
      const read = await store
        .selectFrom('users')
        .select((eb) => [
          eb.fn.countAll<number>().as('count'),
          eb.fn.sum<number>('created_at').as('sum'),
          eb.fn.max('created_at').as('latest'),
          eb.fn.coalesce(eb.fn.sum<number>('created_at'), eb.lit(0)).as('total'),
        ])
        .executeTakeFirstOrThrow();
      expect(read).toEqual({
        count: 2,
        sum: Number.MAX_SAFE_INTEGER,
        latest: Number.MAX_SAFE_INTEGER - 1_800_000_000_000,
        total: Number.MAX_SAFE_INTEGER,
      });
    });
  });

  test('enforces foreign keys', async () => {
    await withStore(async (store) => {
      const session = { token_hash: 'x', user_id: newId(), expires_at: 1, created_at: 1 };
      // Errors of the native driver are of another realm in Jest, so they are matched by message.
      await expect(store.insertInto('sessions').values(session).execute()).rejects.toMatchObject({
        message: expect.stringMatching(/foreign key/i),
      });
    });
  });

  test('is closed and unchanged if a migration fails', async () => {
    const { store, close } = openForTool(testStore.databaseUrl);
    // Conflicts with the last table of the first migration.
    await sql`create table audit (id text)`.execute(store);
    await close();
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(open(testStore.databaseUrl)).rejects.toThrow(/could not be migrated: .*audit/);
    }
    const again = openForTool(testStore.databaseUrl);
    const tables = await again.store.introspection.getTables();
    await again.close();
    expect(tables.map(({ name }) => name)).toEqual(['audit']);
  });
});

describe('SQLite', () => {
  beforeEach(async () => {
    testStore = await createTestStore('sqlite');
  });

  test('is opened by one process at a time', async () => {
    const first = await open(testStore.databaseUrl);
    await expect(open(testStore.databaseUrl)).rejects.toThrow(/another process is using/);
    await first.close();
    await (await open(testStore.databaseUrl)).close();
  });

  test('that would not survive a power cut is refused with what to do, unless accepted', async () => {
    const careless = `${testStore.databaseUrl}?synchronous=normal`;
    await expect(open(careless)).rejects.toThrow(StoreError);
    await expect(open(careless)).rejects.toThrow(/synchronous=normal.*UNSAFE_STORE=/);
    const opened = await open(careless, true);
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(opened.store);
    await opened.close();
    expect(rows).toEqual([{ synchronous: 1 }]);
    expect(warnings).toEqual([expect.stringContaining('a power cut can lose paid orders')]);
  });

  test('releases its lock if the file is no database', async () => {
    await withStore(() => Promise.resolve());
    const address = parseDatabaseUrl(testStore.databaseUrl);
    if (address.dialect !== 'sqlite') throw new Error('not SQLite');
    writeFileSync(address.path, 'this is not a database '.repeat(100));
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(open(testStore.databaseUrl)).rejects.toMatchObject({
        message: expect.stringMatching(/not a database/),
      });
    }
  });
});

describe('PostgreSQL', () => {
  beforeEach(async () => {
    testStore = await createTestStore('postgres');
  });

  test('is migrated once by processes that start at once', async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, () => open(testStore.databaseUrl)));
    await addUser(opened[0]!.store, 'seen by all');
    for (const { store } of opened) expect(await openids(store)).toHaveLength(1);
    await Promise.all(opened.map(({ close }) => close()));
  });

  test('refuses a number that JavaScript cannot represent exactly', async () => {
    await withStore(async (store) => {
      await addUser(store, 'a');
      await sql`update users set created_at = 9007199254740993`.execute(store);
      await expect(store.selectFrom('users').selectAll().execute()).rejects.toThrow(
        /not a safe integer/,
      );
    });
  });

  test('with synchronous_commit off is refused with what to do, unless accepted', async () => {
    const name = new URL(testStore.databaseUrl).pathname.slice(1);
    await runSql(testStore.databaseUrl, `alter database ${name} set synchronous_commit = off`);
    await expect(open(testStore.databaseUrl)).rejects.toThrow(StoreError);
    await expect(open(testStore.databaseUrl)).rejects.toThrow(
      /synchronous_commit=off.*UNSAFE_STORE=/,
    );
    const opened = await open(testStore.databaseUrl, true);
    await opened.close();
    expect(warnings).toEqual([expect.stringContaining('synchronous_commit=off')]);
  });

  test('with fsync or full_page_writes off is refused', async () => {
    const careless = await startPostgres({ fsync: 'off', full_page_writes: 'off' });
    try {
      await expect(open(careless.url)).rejects.toThrow(/fsync=off, full_page_writes=off/);
    } finally {
      await careless.stop();
    }
  });

  test('that refuses the connection is named without its password', async () => {
    const wrong = Object.assign(new URL(testStore.databaseUrl), {
      password: 'hunter2hunter2',
    }).href;
    const error = await open(wrong).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreError);
    expect(String(error)).toMatch(/password authentication failed/);
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('the address of a store', () => {
  beforeEach(async () => {
    testStore = await createTestStore('sqlite');
  });

  test.each([
    ['sqlite:./data/liuka.db', { dialect: 'sqlite', path: './data/liuka.db', synchronous: 'full' }],
    [
      'sqlite:/a.db?synchronous=normal',
      { dialect: 'sqlite', path: '/a.db', synchronous: 'normal' },
    ],
    ['postgres://u:p@h/d', { dialect: 'postgres', url: 'postgres://u:p@h/d' }],
    ['postgresql://h/d', { dialect: 'postgres', url: 'postgresql://h/d' }],
  ])('%s', (text, address) => {
    expect(parseDatabaseUrl(text)).toEqual(address);
  });

  test.each(['', 'sqlite:', 'mysql://root:secret@h/d', 'sqlite:/a.db?synchronous=off'])(
    'is not %p, and the error does not quote it',
    (text) => {
      expect(() => parseDatabaseUrl(text)).toThrow(/^DATABASE_URL must be/);
      expect(() => parseDatabaseUrl(text)).not.toThrow(/secret/);
    },
  );
});
