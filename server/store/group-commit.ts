import type { Transaction } from 'kysely';
import type { Database } from './schema';
import { ahead } from './sqlite-driver';
import type { Store } from './store';

/** Writes of one caller; may be run again in a transaction of its own, so it does nothing but write. */
type Write<Result> = (tx: Transaction<Database>) => Promise<Result>;

interface Waiting {
  /** Writes, and keeps what to tell its caller once it is committed. */
  write: (tx: Transaction<Database>) => Promise<void>;
  committed: () => void;
  failed: (error: unknown) => void;
}

/** One transaction takes no more than this, so that the first of them does not wait for too many. */
const MOST_AT_ONCE = 64;

/**
 * Commits many small writes together. A commit waits for the disk, and that is most of what a small
 * write costs: what comes while one commit is under way shares the next. Each caller goes on when its
 * own write is on disk, as with a transaction of its own; one that fails does not take the others with it.
 * What is written so is waited for, and goes before what is not.
 */
export function createGroupCommit(store: Store) {
  const waiting: Waiting[] = [];
  let busy = false;

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      await ahead(() =>
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

  async function drain(): Promise<void> {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) await commit(waiting.splice(0, MOST_AT_ONCE));
    busy = false;
  }

  return function write<Result>(work: Write<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      let resolveWrite: () => void = () => undefined;
      waiting.push({
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
      setImmediate(() => void drain());
    });
  };
}
