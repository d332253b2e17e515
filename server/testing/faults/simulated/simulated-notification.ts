import type {
  ChannelNotification,
  ParsedNotification,
  RawNotification,
} from '../../../platforms/ports';

/** A notification of a simulated channel; `signature` replaces a real signature. */
export interface SimulatedNotification extends Omit<ChannelNotification, 'signed'> {
  signature: 'genuine' | 'forged' | 'none';
}

export function encodeNotification(notification: SimulatedNotification): RawNotification {
  return { headers: {}, body: Buffer.from(JSON.stringify(notification)) };
}

/** Parses a notification as a gateway does. @param signs whether its channel signs notifications */
export function decodeNotification(signs: boolean, { body }: RawNotification): ParsedNotification {
  // Written by `encodeNotification` only.
  const parsed = JSON.parse(body.toString()) as SimulatedNotification;
  const { signature, refundNumber, ...rest } = parsed;
  if (signs && signature !== 'genuine') {
    return { outcome: 'refused', reason: 'notification.signature_invalid', message: signature };
  }
  const transactionId = signs ? rest.transactionId : null;
  const notification = { ...rest, transactionId, signed: signs };
  return {
    outcome: 'taken',
    notification:
      signs && refundNumber !== undefined ? { ...notification, refundNumber } : notification,
  };
}
