import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transaction } from 'kysely';
import { createGroupCommit } from './group-commit';
import { newId } from './ids';
import { migrate } from './migrate';
import type { Database } from './schema';
import { openSqlite } from './sqlite';
import type { Store } from './store';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-group-'));
  store = openSqlite(join(folder, 'liuka.db'));
  await migrate(store);
});
afterEach(async () => {
  await store.destroy();
  rmSync(folder, { recursive: true });
});

function insertUser(openid: string) {
  return async (tx: Transaction<Database>): Promise<string> => {
    const user = { id: newId(), app_id: 'wx', openid, created_at: 0 };
    await tx.insertInto('users').values(user).execute();
    return openid;
  };
}

async function openids(): Promise<string[]> {
  const rows = await store.selectFrom('users').select('openid').orderBy('openid').execute();
  return rows.map(({ openid }) => openid);
}

test('each caller gets the result of its own write after the commit', async () => {
  const write = createGroupCommit(store);
  const names = Array.from({ length: 200 }, (_, index) => `o${String(index).padStart(3, '0')}`);
  expect(await Promise.all(names.map((name) => write(insertUser(name))))).toEqual(names);
  expect(await openids()).toEqual(names);
});

test('concurrent writes share few transactions', async () => {
  const begun = jest.spyOn(store, 'transaction');
  const write = createGroupCommit(store);
  await Promise.all(Array.from({ length: 50 }, (_, index) => write(insertUser(String(index)))));
  expect(begun.mock.calls.length).toBeLessThan(10);
});

test('a write that fails does not affect the others of its group', async () => {
  const write = createGroupCommit(store);
  const results = await Promise.allSettled(
    ['a', 'b', 'a', 'c'].map((openid) => write(insertUser(openid))),
  );
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(await openids()).toEqual(['a', 'b', 'c']);
});

test('writes that arrive during a commit go into the next group', async () => {
  const write = createGroupCommit(store);
  const order: string[] = [];
  let second: Promise<unknown> = Promise.resolve();
  await write(async (tx) => {
    second = write(insertUser('second')).then(() => order.push('second'));
    await insertUser('first')(tx);
  });
  order.push('first');
  await second;
  expect(order).toEqual(['first', 'second']);
  expect(await openids()).toEqual(['first', 'second']);
});
