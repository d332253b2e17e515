import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps calls apart, as a platform wants that refuses those that follow each other too closely (55012). */
export interface Throttle {
  /**
   * Waits for the caller's turn, in the order of asking. Answers false, at once, where that would take more
   * than `longest` milliseconds, and where the pace is closed meanwhile.
   */
  acquire(maxWaitMs: number): Promise<boolean>;
  /** Lets nobody have a turn for this many milliseconds. */
  delay(milliseconds: number): void;
  /** Sends everybody away who waits. */
  close(): void;
}

/** Turns are at least `interval` milliseconds apart. */
export function createThrottle(interval: number): Throttle {
  const closing = new AbortController();
  let nextStart = 0;
  return {
    async acquire(maxWaitMs) {
      const now = performance.now();
      const startAt = Math.max(now, nextStart);
      if (closing.signal.aborted || startAt - now > maxWaitMs) return false;
      nextStart = startAt + interval;
      if (startAt === now) return true;
      return sleep(startAt - now, true, { signal: closing.signal }).catch(() => false);
    },
    delay(milliseconds) {
      nextStart = Math.max(nextStart, performance.now() + milliseconds);
    },
    close() {
      closing.abort();
    },
  };
}
