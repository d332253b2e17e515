import { defaultUpstreamLimits } from '../platforms/upstream-policies';

/**
 * How old an intent may be when a request that moves money is sent, in ms. The intent is the row that gives
 * the right to call. Later, another process may have decided that the call was never made.
 */
export const INTENT_VALID_MS = 5_000;

/**
 * How old an intent may be by the wall clock, in ms. The monotonic clock may stand still while a virtual
 * machine is suspended. The limit is wide, because the wall clock also moves when it is set.
 */
export const INTENT_VALID_BY_WALL_CLOCK_MS = 10 * 60_000;

/** The longest time from an intent to the end of its call, in ms. */
export const LONGEST_CALL_MS = INTENT_VALID_MS + defaultUpstreamLimits.totalTimeout;
