import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type OpenStore } from '../store/open-store';
import type { Dialect, Store } from '../store/store';
import { lateBound } from './late-bound';
import { createTestDatabase } from './postgres';

/** The address of an empty store for one test. */
export interface TestStore {
  databaseUrl: string;
  remove(): Promise<void>;
}

/** The dialects that tests of the store run on. */
export const dialects: readonly Dialect[] = ['sqlite', 'postgres'];

export async function createTestStore(dialect: Dialect): Promise<TestStore> {
  if (dialect === 'postgres') {
    const { url, drop } = await createTestDatabase();
    return { databaseUrl: url, remove: drop };
  }
  const folder = mkdtempSync(join(tmpdir(), 'liuka-store-'));
  return {
    databaseUrl: `sqlite:${join(folder, 'deep', 'liuka.db')}`,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** Opens a migrated store for the tests of a file or block, and removes it after them. */
export function openTestStore(dialect: Dialect): Store {
  let testStore: TestStore | undefined;
  let opened: OpenStore | undefined;
  beforeAll(async () => {
    testStore = await createTestStore(dialect);
    opened = await openStore(testStore.databaseUrl, { warn: () => undefined });
  });
  afterAll(async () => {
    await opened?.close();
    await testStore?.remove();
  });
  return lateBound(() => {
    if (!opened) throw new Error('the store is not open yet');
    return opened.store;
  });
}
