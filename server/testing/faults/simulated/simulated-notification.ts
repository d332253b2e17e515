import type {
  ChannelNotification,
  ParsedNotification,
  RawNotification,
} from '../../../platforms/ports';

/** A notification as simulated channels send it; its seal stands for the signature. */
export interface SimulatedNotification extends Omit<ChannelNotification, 'signed'> {
  signature: 'genuine' | 'forged' | 'none';
}

export function encodeNotification(notification: SimulatedNotification): RawNotification {
  return { headers: {}, body: Buffer.from(JSON.stringify(notification)) };
}

/** What a channel makes of a notification: without a signature it is anybody's. */
export function decodeNotification(signs: boolean, { body }: RawNotification): ParsedNotification {
  // Only `sealNotification` writes them.
  const { signature, ...rest } = JSON.parse(body.toString()) as SimulatedNotification;
  if (signs && signature !== 'genuine') {
    return { outcome: 'refused', reason: 'notification.signature_invalid', message: signature };
  }
  const transactionId = signs ? rest.transactionId : null;
  return { outcome: 'taken', notification: { ...rest, transactionId, signed: signs } };
}
