import type { Acknowledgement } from './notification';
import type { NotificationErrorCode } from '@shared/error-codes';

/**
 * An unsigned callback of a platform, which could come from anybody. It is never trusted: it only says what
 * to query.
 */
export type CallbackHint =
  /** The order with this number of the platform's own changed. */
  | { kind: 'order'; reference: string }
  /** A card changed. */
  | { kind: 'card'; ref: string }
  /** A text message was sent or received. */
  | { kind: 'message' };

export type ParsedCallback =
  | { outcome: 'taken'; hint: CallbackHint }
  | { outcome: 'refused'; reason: NotificationErrorCode; message: string };

/** Reads the callbacks of a platform that sends unsigned ones. */
export interface CallbackReader {
  /** The platform's name. */
  readonly name: string;
  read(body: Buffer): ParsedCallback;
  /** The body that acknowledges a callback, with status 200. */
  readonly acknowledgement: Acknowledgement;
}
