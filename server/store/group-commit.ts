import type { Transaction } from 'kysely';
import type { Database } from './schema';
import { withPriority } from './sqlite-driver';
import type { Store } from './store';

/** Writes of one caller; may be run again in a transaction of its own, so it does nothing but write. */
type Write<Result> = (tx: Transaction<Database>) => Promise<Result>;

interface PendingWrite {
  /** Writes, and keeps what to tell its caller once it is committed. */
  write: (tx: Transaction<Database>) => Promise<void>;
  committed: () => void;
  failed: (error: unknown) => void;
}

/** One transaction takes no more than this, so that the first of them does not wait for too many. */
const MAX_GROUP_SIZE = 64;

/**
 * Commits many small writes together. A commit waits for the disk, and that is most of what a small
 * write costs: what comes while one commit is under way shares the next. Each caller goes on when its
 * own write is on disk, as with a transaction of its own; one that fails does not take the others with it.
 * What is written so is waited for, and goes before what is not.
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
      // What else has arrived in this turn of the event loop belongs to the same group.
      setImmediate(() => void commitAll());
    });
  };
}
