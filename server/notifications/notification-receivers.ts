import type { Gateways } from '../platforms/payment-gateways';
import type { Acknowledgement, CallbackReader, RawNotification } from '../platforms/ports';
import type { CallbackService } from './receive-callback';
import type { NotificationService } from './receive-notification';

/** Receives what one platform sends to `/notifications/{name}`. */
export interface NotificationReceiver {
  /** The platform's name. */
  name: string;
  /** The body of the answer to a notification that was received. */
  acknowledgement: Acknowledgement;
  /**
   * @returns the result, for the metrics
   * @throws ApiError `notification.*`; the platform then repeats the notification
   */
  receive(raw: RawNotification): Promise<string>;
}

interface ReceiverParts {
  gateways: Gateways;
  notifications: NotificationService;
  /** Undefined if no platform that sends callbacks is connected. */
  callbackReader: CallbackReader | undefined;
  callbacks: CallbackService | undefined;
}

/** The receivers of all payment channels, and of the platform that sends callbacks. */
export function createNotificationReceivers({
  gateways,
  notifications,
  callbackReader,
  callbacks,
}: ReceiverParts): NotificationReceiver[] {
  const receivers = gateways.all.map(({ name, acknowledgement }): NotificationReceiver => ({
    name,
    acknowledgement,
    receive: (raw) => notifications.receive(name, raw),
  }));
  if (callbackReader && callbacks) {
    const { name, acknowledgement } = callbackReader;
    receivers.push({ name, acknowledgement, receive: ({ body }) => callbacks.receive(body) });
  }
  return receivers;
}
