import type {
  ChannelNotification,
  NotificationReading,
  RawNotification,
} from '../../platforms/ports';

/** A notification as simulated channels send it; its seal stands for the signature. */
export interface SealedNotification extends Omit<ChannelNotification, 'signed'> {
  seal: 'genuine' | 'forged' | 'none';
}

export function sealNotification(notification: SealedNotification): RawNotification {
  return { headers: {}, body: Buffer.from(JSON.stringify(notification)) };
}

/** What a channel makes of a notification: without a signature it is anybody's. */
export function readSealed(signs: boolean, { body }: RawNotification): NotificationReading {
  // Only `sealNotification` writes them.
  const { seal, ...rest } = JSON.parse(body.toString()) as SealedNotification;
  if (signs && seal !== 'genuine') {
    return { outcome: 'refused', reason: 'notification.signature_invalid', message: seal };
  }
  const transactionId = signs ? rest.transactionId : null;
  return { outcome: 'taken', notification: { ...rest, transactionId, signed: signs } };
}
