import { z } from 'zod';
import type { ChannelNotification, ParsedNotification, RawNotification } from '../ports';
import { parseStrictJson } from '../strict-json';

/**
 * A notification of 旭宇 (ASSUMED: its format is not public). It is unsigned, so it proves nothing. It only
 * makes us query the order it names.
 */
const unsignedNotification = z.object({
  event: z.string().regex(/^[A-Za-z]{1,32}$/),
  outTradeNo: z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/),
});

const kinds: ReadonlyMap<string, ChannelNotification['kind']> = new Map([
  ['paid', 'payment'],
  ['delivered', 'delivery'],
  ['deliveryFailed', 'delivery'],
  ['refunded', 'refund'],
]);

/** Parses a notification. An unknown event makes us query the delivery. */
export function readUnsignedNotification({ body }: RawNotification): ParsedNotification {
  const parsed = unsignedNotification.safeParse(parseStrictJson(body.toString('utf8')));
  if (!parsed.success) {
    const message = 'no valid event and order number';
    return { outcome: 'refused', reason: 'notification.invalid', message };
  }
  const { event, outTradeNo: orderNumber } = parsed.data;
  const notification: ChannelNotification = {
    id: `${orderNumber}|${event}`,
    kind: kinds.get(event) ?? 'delivery',
    orderNumber,
    transactionId: null,
    signed: false,
  };
  return { outcome: 'taken', notification };
}
