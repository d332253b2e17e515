/** The Date header counts whole seconds: closer than this, clocks agree. */
const TOLERANCE_MS = 2_000;

/** 大卡师's time of day, by which its requests are stamped: ours, corrected by what its answers say. */
export interface PlatformClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Takes note of the Date header (RFC 9110, 6.6.1) of an answer that came from the platform itself. */
  synchronize(date: string | undefined): void;
  /**
   * After a time stamp was refused: takes the answer's word for it, and where that was the very time that
   * was refused, goes back to our own. Returns whether anything changed, so that asking again makes sense.
   */
  correctAfterRejection(date: string | undefined): boolean;
}

/** `clock` is ours, in epoch milliseconds. */
export function createPlatformClock(clock: () => number): PlatformClock {
  let offset = 0;

  /** How far the platform is ahead of us; undefined where it does not say. */
  function measureOffset(date: string | undefined): number | undefined {
    const second = Date.parse(date ?? '');
    if (Number.isNaN(second)) return undefined;
    const measured = second + 500 - clock();
    return Math.abs(measured) < TOLERANCE_MS ? 0 : measured;
  }

  return {
    now: () => clock() + offset,
    synchronize(date) {
      offset = measureOffset(date) ?? offset;
    },
    correctAfterRejection(date) {
      const previous = offset;
      const measured = measureOffset(date) ?? previous;
      offset = Math.abs(measured - previous) < TOLERANCE_MS ? 0 : measured;
      return offset !== previous;
    },
  };
}
