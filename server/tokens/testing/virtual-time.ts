/** A clock that advances only when nothing else is left to do, so that any order of events can be tested. */
export interface VirtualTime {
  /** Epoch milliseconds. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
  /** Runs everything that is due within so many ms. */
  advance(milliseconds: number): Promise<void>;
}

/** @param settle resolves when everything that waits for no timer has run */
export function createVirtualTime(start: number, waitUntilIdle: () => Promise<void>): VirtualTime {
  let now = start;
  const timers: { at: number; fire: () => void }[] = [];

  function takeDueTimer(until: number) {
    const at = Math.min(...timers.map((alarm) => alarm.at));
    const index = timers.findIndex((alarm) => alarm.at === at);
    return index >= 0 && at <= until ? timers.splice(index, 1)[0] : undefined;
  }

  return {
    now: () => now,
    pause: (milliseconds) =>
      new Promise((resolve) => {
        timers.push({ at: now + milliseconds, fire: resolve });
      }),
    async advance(milliseconds) {
      const until = now + milliseconds;
      await waitUntilIdle();
      for (let next = takeDueTimer(until); next; next = takeDueTimer(until)) {
        now = next.at;
        next.fire();
        await waitUntilIdle();
      }
      now = until;
    },
  };
}
