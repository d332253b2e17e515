import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { newId } from './ids';
import { migrate } from './migrate';
import { lockSqlite, openSqlite, sqlitePath, StoreError, type Store } from './sqlite';
import { isUniqueViolation } from './unique-violation';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-store-'));
  path = join(folder, 'deep', 'liuka.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function pragma(store: Store, name: string): Promise<unknown> {
  const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(store);
  return Object.values(rows[0] ?? {})[0];
}

async function withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = openSqlite(path);
  try {
    return await use(store);
  } finally {
    await store.destroy();
  }
}

function addUser(store: Store, openid: string) {
  return store
    .insertInto('users')
    .values({ id: newId(), app_id: 'wx', openid, created_at: 1 })
    .execute();
}

/** Holds the lock in a process of its own; resolves once it has it. */
async function lockElsewhere() {
  const code = `
    const { lockSqlite } = require('./server/store/sqlite.ts');
    lockSqlite(${JSON.stringify(path)});
    process.stdout.write('locked');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', code], {
    cwd: join(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('an open store', () => {
  test('writes through to the disk, also when the file is opened again', async () => {
    for (let opening = 0; opening < 2; opening += 1) {
      await withStore(async (store) => {
        expect(await pragma(store, 'journal_mode')).toBe('wal');
        expect(await pragma(store, 'synchronous')).toBe(2);
        expect(await pragma(store, 'foreign_keys')).toBe(1);
        await migrate(store);
      });
    }
  });

  test('refuses a file that is no database, and says what is wrong', () => {
    path = join(folder, 'text.db');
    writeFileSync(path, 'this is not a database '.repeat(100));
    expect(() => openSqlite(path)).toThrow(/not a database/);
    expect(readFileSync(path, 'utf8')).toMatch(/^this is not a database/);
  });

  test('keeps what was committed and forgets what was not', async () => {
    await withStore(async (store) => {
      await migrate(store);
      await addUser(store, 'kept');
      const failing = store.transaction().execute(async (tx) => {
        await tx
          .insertInto('users')
          .values({ id: newId(), app_id: 'wx', openid: 'lost', created_at: 1 })
          .execute();
        throw new Error('power cut');
      });
      await expect(failing).rejects.toThrow('power cut');
    });
    const users = await withStore((store) => store.selectFrom('users').select('openid').execute());
    expect(users).toEqual([{ openid: 'kept' }]);
  });
});

describe('migrations', () => {
  test('run once, and a second time do nothing', async () => {
    await withStore(async (store) => {
      expect(await migrate(store)).toEqual(['0001-start']);
      await addUser(store, 'before');
      expect(await migrate(store)).toEqual([]);
    });
    await withStore(async (store) => {
      expect(await migrate(store)).toEqual([]);
      expect(await store.selectFrom('users').select('openid').execute()).toHaveLength(1);
    });
  });

  test('that fail say so', async () => {
    await withStore(async (store) => {
      await sql`create table users (id text)`.execute(store);
      await expect(migrate(store)).rejects.toThrow(StoreError);
      await expect(migrate(store)).rejects.toThrow(/could not be migrated: .*users/);
    });
  });
});

describe('the schema', () => {
  test('takes no row without its owner', async () => {
    await withStore(async (store) => {
      await migrate(store);
      const session = { token_hash: 'x', user_id: newId(), expires_at: 1, created_at: 1 };
      const orphan = store.insertInto('sessions').values(session).execute();
      await expect(orphan).rejects.toMatchObject({
        message: expect.stringContaining('FOREIGN KEY'),
      });
    });
  });

  test('tells which columns a second row would share', async () => {
    await withStore(async (store) => {
      await migrate(store);
      await addUser(store, 'same');
      const error: unknown = await addUser(store, 'same').catch((reason: unknown) => reason);
      expect(isUniqueViolation(error, 'users.app_id, users.openid')).toBe(true);
      expect(isUniqueViolation(error, 'orders.open_key')).toBe(false);
      expect(isUniqueViolation(new Error('users.app_id'), 'users.app_id')).toBe(false);
    });
  });
});

describe('the lock', () => {
  test('is held by one, until it is released', () => {
    const lock = lockSqlite(path);
    expect(() => lockSqlite(path)).toThrow(StoreError);
    lock.release();
    lockSqlite(path).release();
  });

  test('keeps another process out, and is gone the moment its holder is killed', async () => {
    const holder = await lockElsewhere();
    expect(() => lockSqlite(path)).toThrow(/another process is using/);
    holder.kill('SIGKILL');
    await once(holder, 'close');
    lockSqlite(path).release();
  });

  test('does not keep tools from the store itself', async () => {
    const lock = lockSqlite(path);
    expect(await withStore(migrate)).toEqual(['0001-start']);
    lock.release();
    expect(existsSync(path)).toBe(true);
  });
});

test('the path is what follows sqlite:', () => {
  expect(sqlitePath('sqlite:./data/liuka.db')).toBe('./data/liuka.db');
  expect(sqlitePath('sqlite:/var/lib/liuka.db')).toBe('/var/lib/liuka.db');
});

test('ids made later sort later, also within a millisecond', () => {
  const ids = Array.from({ length: 2_000 }, () => newId());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
