import { z } from 'zod';

/**
 * The misbehaviour that can be switched on. What a PUT does not name is off: the body is the whole truth.
 *
 * - `tokenServerDown`, `gatewayDown`: 503 to every call.
 * - `gatewaySlowMs`: the gateway waits this long (real time) before it does anything.
 * - `garbage`: the gateway answers HTTP 200 with a web page, without doing anything.
 * - `paymentPostTimeout`, `appletPayTimeout`: the operation is carried out, but never answered.
 * - `loginBlocked`: WeChat refuses every login code as a risk.
 * - `wrongAmount`: the payment query reports one fen less than was paid.
 * - `refundNotEnough`: the merchant's balance does not cover refunds.
 * - `deliveryFails`, `deliveryStuck`: deliveries that end while it is on fail, or go on until it is off.
 * - `deliverySeconds`: how long a delivery takes in sandbox time; null for the usual few seconds.
 * - `loseNotifications`: attempts get lost on the way (and are repeated by schedule).
 * - `doubleNotifications`: every notification is sent again a second later.
 */
export const faults = z.strictObject({
  tokenServerDown: z.boolean().default(false),
  gatewayDown: z.boolean().default(false),
  gatewaySlowMs: z.int().min(0).max(60_000).default(0),
  garbage: z.boolean().default(false),
  paymentPostTimeout: z.boolean().default(false),
  appletPayTimeout: z.boolean().default(false),
  loginBlocked: z.boolean().default(false),
  wrongAmount: z.boolean().default(false),
  refundNotEnough: z.boolean().default(false),
  deliveryFails: z.boolean().default(false),
  deliveryStuck: z.boolean().default(false),
  deliverySeconds: z.number().min(0).max(86_400).nullable().default(null),
  loseNotifications: z.boolean().default(false),
  doubleNotifications: z.boolean().default(false),
});
export type Faults = z.infer<typeof faults>;

/** The body of `PUT /sandbox/faults`: the switches, and `revokeToken`, which acts at once and stays off. */
export const faultsRequest = faults.extend({ revokeToken: z.boolean().default(false) });

/** All switches off. */
export function noFaults(): Faults {
  return faults.parse({});
}
