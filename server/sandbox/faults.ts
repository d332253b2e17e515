import { z } from 'zod';
import { errorCodes } from './dakashi/reply';
import { answerForms } from './answer-forms';

/**
 * The faults that can be switched on. A PUT replaces all of them: switches that it does not name are off.
 *
 * - `tokenServerDown`, `gatewayDown`: 503 to every call.
 * - `tokenServerStandard`: the token server reads only what RFC 6749 says (a urlencoded form, `client_id`), and
 *   answers 201 with `expires_in` as text.
 * - `gatewaySlowMs`: the gateway waits this long (real time) before it handles a call.
 * - `gatewayLimited`: the gateway answers 429 with Retry-After to every call, without any effect.
 * - `garbage`: the gateway answers HTTP 200 with a web page, without any effect.
 * - `paymentPostTimeout`, `appletPayTimeout`: the operation is carried out, but never answered.
 * - `oddElements`: products and held packages of 旭宇 have values such as volume -1, no end date, or a name with
 *   control characters. `oddPrices`: its prices have three decimals, are numbers, or are empty.
 * - `cardStatusRefused`, `cardUsageRefused`: 旭宇 refuses the query of a card's status or usage.
 * - `agentBalanceShort`: the merchant's prepaid balance with 旭宇 does not cover orders.
 * - `dakashiDown`: 503 to every call of 大卡师; `dakashiSlowMs`: it waits this long (real time) before it does
 *   anything; `dakashiGarbage`: it answers HTTP 200 with a web page, without doing anything.
 * - `dakashiRefuses`: it refuses every call with this code of its table (55003 for an address that is not on
 *   its list, 55012 for calls that follow each other too closely); null for none.
 * - `dakashiRechargeTimeout`: 大卡师 carries out recharges, but never answers them.
 * - `dakashiOddElements`: as `oddElements`, with costs that have fractions of a fen or are negative;
 *   `dakashiOddBalance`: the balance has thousands commas and fractions of a fen.
 * - `dakashiPackagesRefused`: 大卡师 does not have the operation member/product/info, as in its older document.
 * - `mxchipDown`: 503 to every call of 庆科; `mxchipSlowMs`: it waits this long (real time) before it does
 *   anything; `mxchipGarbage`: it answers HTTP 200 with a web page, without doing anything.
 * - `mxchipInternal`: 庆科 answers 23090 (内部错误) to every call with a token, without doing anything.
 * - `mxchipUnbindMute`: 庆科 carries out unbindings, but never answers them.
 * - `oddAnswers`: every platform sends its answers in this form (see answer-forms.ts) after it did what was
 *   asked; null for the usual form.
 * - `loginBlocked`: WeChat refuses every login code as a risk.
 * - `wechatBusy`: WeChat's login and token interfaces answer that they are busy.
 * - `wechatpayDown`: 503 to every call of WeChat Pay; `wechatpaySlowMs`: it waits this long (real time)
 *   before it does anything; `wechatpayGarbage`: it answers HTTP 200 with a web page, without doing anything.
 * - `wechatpayMute`: WeChat Pay carries out orders, closings and refunds, but never answers them.
 * - `wechatpayCertificate`: WeChat Pay signs with its certificate's key instead of the public key's.
 * - `unsignedErrors`: WeChat Pay leaves its errors of HTTP 400 to 499 unsigned, after it did what was asked, if
 *   anything. (It never signs its 401 SIGN_ERROR.)
 * - `wechatpayOlderBill`: bills of WeChat Pay have the columns of older bills; `wechatpayDamagedBill`: the amount
 *   in the first row of the shop's own is unreadable.
 * - `wrongAmount`: payments made while it is on take one fen less than was asked.
 * - `doublePayment`: payments to WeChat Pay made while it is on are taken twice, under two numbers.
 * - `refundNotEnough`: the merchant's balance does not cover refunds.
 * - `refundRefused`: refunds are refused for good.
 * - `refundClosed`: refunds that end while it is on are closed without reaching the customer.
 * - `refundAbnormal`: refunds that end while it is on do not reach the customer; WeChat Pay's staff must act.
 * - `deliveryFails`, `deliveryStuck`: deliveries that are due while it is on fail, or stay pending until it
 *   is off.
 * - `deliverySeconds`: how long a delivery takes in sandbox time; null for the usual few seconds.
 * - `loseNotifications`: attempts are lost on the way (and repeated by schedule).
 * - `doubleNotifications`: every notification is sent again a second later.
 * - `reorderNotifications`: of two notifications that follow each other, the second overtakes the first.
 * - `signatureProbes`, `forgedNotifications`, `staleNotifications` (WeChat Pay only): each attempt follows
 *   one with a signature that is wrong on purpose, or one with another amount and another key; or
 *   it carries a time stamp ten minutes old.
 */
export const faults = z.strictObject({
  tokenServerDown: z.boolean().default(false),
  tokenServerStandard: z.boolean().default(false),
  gatewayDown: z.boolean().default(false),
  gatewaySlowMs: z.int().min(0).max(60_000).default(0),
  gatewayLimited: z.boolean().default(false),
  garbage: z.boolean().default(false),
  paymentPostTimeout: z.boolean().default(false),
  appletPayTimeout: z.boolean().default(false),
  oddElements: z.boolean().default(false),
  oddPrices: z.boolean().default(false),
  cardStatusRefused: z.boolean().default(false),
  cardUsageRefused: z.boolean().default(false),
  agentBalanceShort: z.boolean().default(false),
  dakashiDown: z.boolean().default(false),
  dakashiSlowMs: z.int().min(0).max(60_000).default(0),
  dakashiGarbage: z.boolean().default(false),
  dakashiRefuses: z.literal(errorCodes).nullable().default(null),
  dakashiRechargeTimeout: z.boolean().default(false),
  dakashiOddElements: z.boolean().default(false),
  dakashiOddBalance: z.boolean().default(false),
  dakashiPackagesRefused: z.boolean().default(false),
  mxchipDown: z.boolean().default(false),
  mxchipSlowMs: z.int().min(0).max(60_000).default(0),
  mxchipGarbage: z.boolean().default(false),
  mxchipInternal: z.boolean().default(false),
  mxchipUnbindMute: z.boolean().default(false),
  oddAnswers: z.literal(answerForms).nullable().default(null),
  loginBlocked: z.boolean().default(false),
  wechatBusy: z.boolean().default(false),
  wechatpayDown: z.boolean().default(false),
  wechatpaySlowMs: z.int().min(0).max(60_000).default(0),
  wechatpayGarbage: z.boolean().default(false),
  wechatpayMute: z.boolean().default(false),
  wechatpayCertificate: z.boolean().default(false),
  unsignedErrors: z.boolean().default(false),
  wechatpayOlderBill: z.boolean().default(false),
  wechatpayDamagedBill: z.boolean().default(false),
  wrongAmount: z.boolean().default(false),
  doublePayment: z.boolean().default(false),
  refundNotEnough: z.boolean().default(false),
  refundRefused: z.boolean().default(false),
  refundClosed: z.boolean().default(false),
  refundAbnormal: z.boolean().default(false),
  deliveryFails: z.boolean().default(false),
  deliveryStuck: z.boolean().default(false),
  deliverySeconds: z.number().min(0).max(86_400).nullable().default(null),
  loseNotifications: z.boolean().default(false),
  doubleNotifications: z.boolean().default(false),
  reorderNotifications: z.boolean().default(false),
  signatureProbes: z.boolean().default(false),
  forgedNotifications: z.boolean().default(false),
  staleNotifications: z.boolean().default(false),
});
export type Faults = z.infer<typeof faults>;

/** The body of `PUT /sandbox/faults`: the switches, and `revokeToken`, which revokes the token once. */
export const faultsRequest = faults.extend({ revokeToken: z.boolean().default(false) });

/** The names of all switches. */
export const faultNames: readonly (keyof Faults)[] = faults.keyof().options;

/** All switches off. */
export function noFaults(): Faults {
  return faults.parse({});
}
