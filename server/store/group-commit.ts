import type { Transaction } from 'kysely';
import type { Database } from './schema';
import { withPriority } from './sqlite-driver';
import type { Store } from './store';

/**
 * A caller's write. It may run a second time in a transaction of its own, so it must not have other effects.
 */
type Write<Result> = (tx: Transaction<Database>) => Promise<Result>;

interface PendingWrite {
  /** Runs the write, and keeps its result until the commit. */
  write: (tx: Transaction<Database>) => Promise<void>;
  committed: () => void;
  failed: (error: unknown) => void;
}

/** The largest group, which bounds how long its first write waits for the others. */
const MAX_GROUP_SIZE = 64;

/**
 * Commits concurrent small writes together (group commit). Most of the cost of a small write is waiting for
 * the disk, so writes that arrive during a commit share the next one. Each caller resumes when its own write
 * is on disk, as with a transaction of its own; a write that fails does not affect the others. Groups have
 * priority over other writes (see `withPriority`).
 */
export function createGroupCommit(store: Store) {
  const pendingWrites: PendingWrite[] = [];
  let isCommitting = false;

  async function commit(group: readonly PendingWrite[]): Promise<void> {
    try {
      await withPriority(() =>
        store.transaction().execute(async (tx) => {
          for (const { write } of group) await write(tx);
        }),
      );
    } catch (error) {
      if (group.length === 1) group[0]?.failed(error);
      else for (const each of group) await commit([each]);
      return;
    }
    for (const { committed } of group) committed();
  }

  async function commitAll(): Promise<void> {
    if (isCommitting) return;
    isCommitting = true;
    while (pendingWrites.length > 0) await commit(pendingWrites.splice(0, MAX_GROUP_SIZE));
    isCommitting = false;
  }

  return function write<Result>(work: Write<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      let resolveWrite: () => void = () => undefined;
      pendingWrites.push({
        write: async (tx) => {
          const result = await work(tx);
          resolveWrite = () => {
            resolve(result);
          };
        },
        committed: () => {
          resolveWrite();
        },
        failed: reject,
      });
      // Writes of the same turn of the event loop belong to the same group.
      setImmediate(() => void commitAll());
    });
  };
}
