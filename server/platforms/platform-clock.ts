/** The Date header has a resolution of one second. Smaller differences are ignored. */
const TOLERANCE_MS = 2_000;

/** A platform’s clock: our own clock, corrected by the Date header of the platform’s answers. */
export interface PlatformClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Adjusts the clock to the Date header (RFC 9110, section 6.6.1) of an answer of the platform itself. */
  synchronize(date: string | undefined): void;
  /**
   * Adjusts the clock after a timestamp was refused. If the answer's Date is the time that was refused, uses
   * our own clock instead. Returns whether the clock changed, so that a retry makes sense.
   */
  correctAfterRejection(date: string | undefined): boolean;
}

/** @param clock our own clock, in epoch ms */
export function createPlatformClock(clock: () => number): PlatformClock {
  let offset = 0;

  /** How far the platform's clock is ahead of ours, in ms; undefined without a valid date. */
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
