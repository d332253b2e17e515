import { z } from 'zod';
import { orderActions, orderStates } from '../order-state';
import {
  amountFen,
  id,
  idempotencyHeaders,
  instant,
  pageOf,
  pageQuery,
  statedVolumeMb,
  plainText,
} from './common';
import type { ContractDeclaration } from './route';

/** The arguments of `wx.requestPayment`. */
const paymentParameters = z
  .object({
    timeStamp: z.string(),
    nonceStr: z.string(),
    package: z.string(),
    signType: z.enum(['MD5', 'HMAC-SHA256', 'RSA']),
    paySign: z.string(),
  })
  .meta({ id: 'PaymentParameters' });
export type PaymentParameters = z.infer<typeof paymentParameters>;

export const order = z
  .object({
    id,
    number: z.string().describe('The order number, which is also used at the payment channel'),
    card: z.object({ id, number: z.string(), iccid: z.string().nullable() }),
    package: z.object({ id: z.string(), name: z.string(), dataMb: statedVolumeMb }),
    effective: z.enum(['now', 'nextMonth']),
    effectiveFrom: instant,
    effectiveUntil: instant
      .nullable()
      .describe('null for orders that were placed before it was recorded'),
    amountFen,
    state: z.enum(orderStates),
    stateLabel: z.string(),
    stateAdvice: z.string().describe('What the state means and what happens next'),
    createdAt: instant,
    payBefore: instant,
    paidAt: instant.nullable(),
    deliveredAt: instant.nullable(),
    transactionId: z.string().nullable(),
    events: z.array(z.object({ at: instant, type: z.string(), label: z.string() })),
    actions: z.array(z.enum(orderActions)),
    payment: paymentParameters.optional(),
    asOf: instant
      .optional()
      .describe('Present if the platforms do not answer now: the state is the one of this time'),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof order>;

const orderParams = z.strictObject({ orderId: id });

export const orderRoutes = {
  'POST /orders': {
    audience: 'user',
    summary: 'Place an order for a package at its current price, and start the payment',
    headers: idempotencyHeaders,
    headerError: 'idempotency.required',
    body: z.strictObject({
      cardId: id,
      packageId: plainText.min(1).max(64),
      effective: z.enum(['now', 'nextMonth']),
      effectiveFrom: instant
        .optional()
        .describe(
          'The `from` that the customer was shown; the order is refused if it would start in another billing month',
        ),
    }),
    answers: { 201: order },
    errors: [
      'idempotency.mismatch',
      'card.not_found',
      'card.cannot_buy',
      'package.not_found',
      'package.being_delivered',
      'package.not_in_stock',
      'package.cannot_buy',
      'package.period_changed',
      'package.month_ending',
      'order.already_open',
      'order.already_paid',
      'order.not_payable',
      'payment.unavailable',
      'platform.unavailable',
      'platform.busy',
    ],
  },
  'GET /orders': {
    audience: 'user',
    summary: "List the caller's orders, newest first",
    query: pageQuery,
    answers: { 200: pageOf(order) },
    errors: [],
  },
  'GET /orders/:orderId': {
    audience: 'user',
    summary: 'Read an order; the payment channel is queried while the order is not final',
    params: orderParams,
    answers: { 200: order },
    errors: ['order.not_found'],
  },
  'GET /orders/by-number/:number': {
    audience: 'user',
    summary: "Read an order by its number, which is also the merchant's number at WeChat",
    params: z.strictObject({
      number: z
        .string()
        .regex(/^[0-9A-Za-z_\-|*]{6,32}$/)
        .describe('The order number (商户订单号), not the transaction number of WeChat'),
    }),
    answers: { 200: order },
    errors: ['order.not_found'],
  },
  'POST /orders/:orderId/payment': {
    audience: 'user',
    summary: 'Start the payment again, under the same order number',
    params: orderParams,
    answers: { 200: z.object({ payment: paymentParameters }) },
    errors: ['order.not_found', 'order.already_paid', 'order.not_payable', 'payment.unavailable'],
  },
  'POST /orders/:orderId/cancel': {
    audience: 'user',
    summary: 'Cancel an unpaid order; the payment channel is queried first',
    params: orderParams,
    answers: { 200: order },
    errors: [
      'order.not_found',
      'order.already_paid',
      'order.not_cancellable',
      'payment.unavailable',
    ],
  },
} as const satisfies ContractDeclaration;
