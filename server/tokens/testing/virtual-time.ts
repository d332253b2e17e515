/** Time that passes only when nothing else is left to do, so that any order of events can be played. */
export interface VirtualTime {
  /** Epoch milliseconds. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
  /** Lets everything happen that is due within so many ms. */
  pass(milliseconds: number): Promise<void>;
}

/** `settle` resolves when all that waits for no timer has been done. */
export function createVirtualTime(start: number, waitUntilIdle: () => Promise<void>): VirtualTime {
  let now = start;
  const alarms: { at: number; ring: () => void }[] = [];

  function takeNext(until: number) {
    const at = Math.min(...alarms.map((alarm) => alarm.at));
    const index = alarms.findIndex((alarm) => alarm.at === at);
    return index >= 0 && at <= until ? alarms.splice(index, 1)[0] : undefined;
  }

  return {
    now: () => now,
    pause: (milliseconds) =>
      new Promise((resolve) => {
        alarms.push({ at: now + milliseconds, ring: resolve });
      }),
    async pass(milliseconds) {
      const until = now + milliseconds;
      await waitUntilIdle();
      for (let next = takeNext(until); next; next = takeNext(until)) {
        now = next.at;
        next.ring();
        await waitUntilIdle();
      }
      now = until;
    },
  };
}
