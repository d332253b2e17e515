import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from '../store/store';
import { createTestDatabase } from './postgres';

/** An empty store of one test's own. */
export interface TestStore {
  databaseUrl: string;
  remove(): Promise<void>;
}

/** Every test of the store runs on each of these. */
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
