import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps calls apart, as a platform wants that refuses those that follow each other too closely (55012). */
export interface Pace {
  /**
   * Waits for the caller's turn, in the order of asking. Answers false, at once, where that would take more
   * than `longest` milliseconds, and where the pace is closed meanwhile.
   */
  turn(longest: number): Promise<boolean>;
  /** Lets nobody have a turn for this many milliseconds. */
  hold(milliseconds: number): void;
  /** Sends everybody away who waits. */
  close(): void;
}

/** Turns are at least `interval` milliseconds apart. */
export function createPace(interval: number): Pace {
  const closing = new AbortController();
  let next = 0;
  return {
    async turn(longest) {
      const now = performance.now();
      const at = Math.max(now, next);
      if (closing.signal.aborted || at - now > longest) return false;
      next = at + interval;
      if (at === now) return true;
      return sleep(at - now, true, { signal: closing.signal }).catch(() => false);
    },
    hold(milliseconds) {
      next = Math.max(next, performance.now() + milliseconds);
    },
    close() {
      closing.abort();
    },
  };
}
