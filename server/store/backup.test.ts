import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { fillStore } from '../testing/fill-store';
import { createTestStore, dialects, type TestStore } from '../testing/test-stores';
import { backupStore, restoreStore } from './backup';
import { copyStore } from './copy-store';
import { newId } from './ids';
import { openForTool, openStore, type OpenStore } from './open-store';
import { StoreError, type Dialect, type Store } from './store';
import { readRows, readTotals, tableNames, type Row } from './tables';

/** More rows than a page, so that paging is tested. */
const MANY = 510;

let folder: string;
let file: string;
let stores: TestStore[];
let openStores: OpenStore[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-backup-'));
  file = join(folder, 'backup.db');
  stores = [];
  openStores = [];
});
afterEach(async () => {
  await Promise.all(openStores.map(({ close }) => close()));
  await Promise.all(stores.map((testStore) => testStore.remove()));
  rmSync(folder, { recursive: true, force: true });
});

async function createStore(dialect: Dialect): Promise<string> {
  const made = await createTestStore(dialect);
  stores.push(made);
  return made.databaseUrl;
}

/** A store in use by a BFF. */
async function openInUse(databaseUrl: string): Promise<Store> {
  const opened = await openStore(databaseUrl, { warn: () => undefined });
  openStores.push(opened);
  return opened.store;
}

async function closeAll(): Promise<void> {
  await Promise.all(openStores.splice(0).map(({ close }) => close()));
}

async function contents(store: Store): Promise<Record<string, Row[]>> {
  const all: Record<string, Row[]> = {};
  for (const table of tableNames) {
    const rows: Row[] = [];
    for await (const page of readRows(store, table)) rows.push(...page);
    all[table] = rows;
  }
  return all;
}

async function contentsAt(databaseUrl: string): Promise<Record<string, Row[]>> {
  const { store, close } = openForTool(databaseUrl);
  try {
    return await contents(store);
  } finally {
    await close();
  }
}

function addUser(store: Store, openid: string) {
  const row = { id: newId(), app_id: 'wx', openid, created_at: 1 };
  return store.insertInto('users').values(row).execute();
}

test('every table of the schema is copied', async () => {
  const store = await openInUse(await createStore('sqlite'));
  const tables = await store.introspection.getTables();
  expect(tables.map(({ name }) => name).sort()).toEqual([...tableNames].sort());
});

describe.each(dialects.flatMap((from) => dialects.map((to) => [from, to] as const)))(
  'a copy from %s to %s',
  (from, to) => {
    test('has every row unchanged, and returns the totals', async () => {
      const [source, target] = [
        await openInUse(await createStore(from)),
        await openInUse(await createStore(to)),
      ];
      await fillStore(source, from === to ? 3 : MANY);
      const totals = await copyStore(source, target, 'empty');
      expect(await contents(target)).toEqual(await contents(source));
      expect(totals).toEqual(await readTotals(target));
      const { fen } = totals.find(({ table }) => table === 'captures')!;
      const { total } = await source
        .selectFrom('captures')
        .select((eb) => eb.fn.sum<number>('amount_fen').as('total'))
        .executeTakeFirstOrThrow();
      expect(fen).toEqual({ amount_fen: total });
    });

    test('is refused by a target that is not empty, which stays unchanged', async () => {
      const [source, target] = [
        await openInUse(await createStore(from)),
        await openInUse(await createStore(to)),
      ];
      await fillStore(source, 2);
      await addUser(target, 'was here');
      const before = await contents(target);
      await expect(copyStore(source, target, 'empty')).rejects.toThrow(/not empty \(users 1\)/);
      expect(await contents(target)).toEqual(before);
    });
  },
);

test('a copy with other totals is rolled back', async () => {
  const [source, target] = [
    await openInUse(await createStore('sqlite')),
    await openInUse(await createStore('postgres')),
  ];
  await fillStore(source, 2);
  await sql`create function skim() returns trigger language plpgsql as $$
    begin new.amount_fen = new.amount_fen - 1; return new; end $$`.execute(target);
  await sql`create trigger skim before insert on captures
    for each row execute function skim()`.execute(target);
  await expect(copyStore(source, target, 'empty')).rejects.toThrow(
    /captures\.amount_fen: 3999 and 3997/,
  );
  expect((await readTotals(target)).every(({ rows }) => rows === 0)).toBe(true);
});

test('a store of an older schema is not copied', async () => {
  const { store: source, close } = openForTool(await createStore('sqlite'));
  const target = await openInUse(await createStore('sqlite'));
  await expect(copyStore(source, target, 'empty')).rejects.toThrow(
    /lacks 0001-start.*db -- migrate/,
  );
  await close();
});

describe.each(dialects)('a backup (%s)', (dialect) => {
  let databaseUrl: string;
  let store: Store;
  beforeEach(async () => {
    databaseUrl = await createStore(dialect);
    store = await openInUse(databaseUrl);
    await fillStore(store, 3);
  });

  test('is one file with a consistent snapshot of a store in use', async () => {
    const enough = new AbortController();
    let written = 0;
    const writing = (async () => {
      while (!enough.signal.aborted) {
        await store.transaction().execute(async (tx) => {
          await addUser(tx, `first ${String(written)}`);
          await addUser(tx, `second ${String(written)}`);
        });
        written += 1;
        await sleep(1);
      }
    })();
    await sleep(50);
    const least = written;
    await backupStore(databaseUrl, file);
    enough.abort();
    await writing;
    expect(readdirSync(folder)).toEqual(['backup.db']);

    const { users = [] } = await contentsAt(`sqlite:${file}`);
    const count = (start: string) =>
      users.filter(({ openid }) => String(openid).startsWith(start)).length;
    expect(count('first')).toBe(count('second'));
    expect(count('first')).toBeGreaterThanOrEqual(least);
  });

  test.each(dialects)('restores everything into an empty store (%s)', async (other) => {
    const before = await contents(store);
    const made = await backupStore(databaseUrl, file);
    const target = await createStore(other);
    expect(await restoreStore(file, target, { replace: false })).toEqual(made);
    expect(await contentsAt(target)).toEqual(before);
  });

  test('replaces a store with orders only when told to', async () => {
    const before = await contents(store);
    await backupStore(databaseUrl, file);
    await addUser(store, 'came later');
    await closeAll();
    const restoring = restoreStore(file, databaseUrl, { replace: false });
    await expect(restoring).rejects.toThrow(/has 3 orders.*--replace/);
    expect((await contentsAt(databaseUrl)).users).toHaveLength(4);
    await restoreStore(file, databaseUrl, { replace: true });
    expect(await contentsAt(databaseUrl)).toEqual(before);
  });

  test('is not restored while a BFF is running', async () => {
    await backupStore(databaseUrl, file);
    const restoring = restoreStore(file, databaseUrl, { replace: true });
    await expect(restoring).rejects.toThrow(/another process is using|a BFF is using/);
  });

  test('that is damaged is refused, and the store stays unchanged', async () => {
    const before = await contents(store);
    await backupStore(databaseUrl, file);
    await closeAll();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, bytes.length / 2, bytes.length / 2 + 8_192);
    writeFileSync(file, bytes);
    const restoring = restoreStore(file, databaseUrl, { replace: true });
    await expect(restoring).rejects.toThrow(StoreError);
    expect(await contentsAt(databaseUrl)).toEqual(before);
  });

  test('never overwrites a file', async () => {
    writeFileSync(file, 'precious');
    await expect(backupStore(databaseUrl, file)).rejects.toThrow(/exists already/);
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});

test('a file that is no database is refused', async () => {
  writeFileSync(file, 'this is not a database '.repeat(100));
  const target = await createStore('sqlite');
  await expect(restoreStore(file, target, { replace: true })).rejects.toThrow(
    /no backup of a store/,
  );
});

test('a missing store is not backed up, and not created by trying', async () => {
  const missing = join(folder, 'missing.db');
  await expect(backupStore(`sqlite:${missing}`, file)).rejects.toThrow(/there is no store/);
  expect([existsSync(missing), existsSync(file)]).toEqual([false, false]);
});
