/**
 * Whether something of the instant `since` is younger than `ageMs`. What lies ahead of `now` is not: the
 * clock was set back since, and nobody knows how old it is.
 */
export function isYounger(since: number | null | undefined, ageMs: number, now: number): boolean {
  return since != null && since <= now && now - since < ageMs;
}
