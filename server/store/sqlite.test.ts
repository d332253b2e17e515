import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { newId } from './ids';
import { migrate } from './migrate';
import { lockSqlite, openSqlite } from './sqlite';
import { StoreError, StoreUnavailable, type Store } from './store';

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

/** Locks the file in another process; resolves when it is locked. */
async function lockInOtherProcess() {
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
  test('is durable, also when the file is opened again', async () => {
    for (let opening = 0; opening < 2; opening += 1) {
      await withStore(async (store) => {
        expect(await pragma(store, 'journal_mode')).toBe('wal');
        expect(await pragma(store, 'synchronous')).toBe(2);
        expect(await pragma(store, 'foreign_keys')).toBe(1);
        await migrate(store);
      });
    }
  });

  test('refuses a file that is no database, with the reason', () => {
    path = join(folder, 'text.db');
    writeFileSync(path, 'this is not a database '.repeat(100));
    expect(() => openSqlite(path)).toThrow(/not a database/);
    expect(readFileSync(path, 'utf8')).toMatch(/^this is not a database/);
  });
});

describe('a transient fault', () => {
  test('is a full disk, and earlier commits stay', async () => {
    await withStore(async (store) => {
      await migrate(store);
      await addUser(store, 'kept');
      const pages = Number(await pragma(store, 'page_count'));
      await pragma(store, `max_page_count = ${String(pages)}`);
      const filling = store.transaction().execute(async (tx) => {
        for (let count = 0; count < 2_000; count += 1) await addUser(tx, `user ${String(count)}`);
      });
      await expect(filling).rejects.toThrow(StoreUnavailable);
      await expect(filling).rejects.toThrow(/SQLITE_FULL/);
      const users = await store.selectFrom('users').select('openid').execute();
      expect(users).toEqual([{ openid: 'kept' }]);
    });
  });

  test('is another process that holds the write lock', async () => {
    await withStore(async (store) => {
      await migrate(store);
      await pragma(store, 'busy_timeout = 50');
      await withStore(async (other) => {
        await other.transaction().execute(async () => {
          await expect(addUser(store, 'late')).rejects.toThrow(StoreUnavailable);
        });
      });
      await addUser(store, 'late');
    });
  });

  test('is not an error in a statement', async () => {
    await withStore(async (store) => {
      const error = await sql`select nonsense`.execute(store).catch((reason: unknown) => reason);
      expect(error).not.toBeInstanceOf(StoreUnavailable);
      expect(String(error)).toContain('no such column: nonsense');
    });
  });
});

describe('the lock', () => {
  test('is held by one process until it is released', () => {
    const lock = lockSqlite(path);
    expect(() => lockSqlite(path)).toThrow(StoreError);
    lock.release();
    lockSqlite(path).release();
  });

  test('excludes other processes, and is released when its holder is killed', async () => {
    const holder = await lockInOtherProcess();
    expect(() => lockSqlite(path)).toThrow(/another process is using/);
    holder.kill('SIGKILL');
    await once(holder, 'close');
    lockSqlite(path).release();
  });

  test('does not exclude tools', async () => {
    const lock = lockSqlite(path);
    expect(await withStore(migrate)).not.toEqual([]);
    lock.release();
    expect(existsSync(path)).toBe(true);
  });
});

test('ids made later sort later, also within a millisecond', () => {
  const ids = Array.from({ length: 2_000 }, () => newId());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
