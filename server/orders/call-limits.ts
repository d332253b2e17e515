import { defaultUpstreamLimits } from '../platforms/upstream-policies';

/**
 * How old an intent may be when a request that moves money is sent, in ms. The intent is the row that gives
 * the right to call. Later, another process may have decided that the call was never made.
 */
export const INTENT_VALID_MS = 5_000;

/** The longest time from an intent to the end of its call, in ms. */
export const LONGEST_CALL_MS = INTENT_VALID_MS + defaultUpstreamLimits.totalTimeout;
