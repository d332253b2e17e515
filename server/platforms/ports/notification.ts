import type { NotificationErrorCode } from '@shared/error-codes';

/** A notification as received, byte for byte. */
export interface RawNotification {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** A notification whose sender and format were checked as far as its channel allows. */
export interface ChannelNotification {
  /** The channel's own id. A repeated notification has the same id. */
  id: string;
  kind: 'payment' | 'refund' | 'delivery';
  orderNumber: string;
  /** The transaction it is about; null unless the notification is signed and names one. */
  transactionId: string | null;
  /** The refund number it is about. Missing unless the notification is signed and names one. */
  refundNumber?: string;
  /** Whether the channel signs its notifications. An unsigned one could come from anybody. */
  signed: boolean;
}

export type ParsedNotification =
  | { outcome: 'taken'; notification: ChannelNotification }
  | { outcome: 'refused'; reason: NotificationErrorCode; message: string };

/** A JSON body that tells a platform that its notification was received. */
export type Acknowledgement = Readonly<Record<string, unknown>>;
