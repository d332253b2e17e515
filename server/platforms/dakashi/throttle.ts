import { setTimeout as sleep } from 'node:timers/promises';

/** Spaces out calls, for a platform that refuses calls in quick succession (55012). */
export interface Throttle {
  /**
   * Waits until the caller may call, first come, first served. Returns false at once if that would take more
   * than `maxWaitMs`, or when the throttle is closed.
   */
  acquire(maxWaitMs: number): Promise<boolean>;
  /** Delays the next call by at least this many milliseconds. */
  delay(milliseconds: number): void;
  /** Ends all waiting. */
  close(): void;
}

/** @param interval the shortest time between two calls, in ms */
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
