/** How often something is checked while it is younger than an age. All times in ms. */
interface CheckInterval {
  untilAgeMs: number;
  everyMs: number;
}

/** Intervals by age, youngest first. It never ends if the last one is valid until `Infinity`. */
export type CheckSchedule = readonly CheckInterval[];

/**
 * How long to wait for the next check, in ms.
 * @param ageMs how long the order or refund has been in its state
 * @returns undefined if the schedule has ended
 */
export function nextDelay(schedule: CheckSchedule, ageMs: number): number | undefined {
  return schedule.find(({ untilAgeMs }) => ageMs < untilAgeMs)?.everyMs;
}
