/**
 * The outcome of a call that changes something at a platform. `unknown`: no usable response came, and the
 * change may or may not have been made.
 */
export type Outcome<Done, Reason extends string> =
  | { outcome: 'done'; value: Done }
  | { outcome: 'refused'; reason: Reason; message: string }
  | { outcome: 'unknown'; message: string };
