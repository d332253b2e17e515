const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A receiver has five seconds to answer (微信支付, 支付结果通知). */
export const RESPONSE_TIMEOUT_MS = 5 * SECOND_MS;

/** WeChat's delays between attempts: 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h. */
export const retryDelaysMs: readonly number[] = [
  15 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  3 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  30 * MINUTE_MS,
  30 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  3 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  6 * HOUR_MS,
];

/** The delay of a duplicate. */
export const DUPLICATE_DELAY_MS = SECOND_MS;

/** How long a notification is held back so that the next can overtake it. */
export const REORDER_DELAY_MS = 10 * SECOND_MS;
