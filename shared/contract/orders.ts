import { z } from 'zod';
import { orderActions, orderStates } from '../order-state';
import { amountFen, id, instant, pageOf, pageQuery, volumeMb } from './common';
import type { ContractDeclaration } from './route';

/** What wx.requestPayment takes. */
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
    number: z.string().describe('The order number, also at the payment channel'),
    card: z.object({ id, number: z.string(), iccid: z.string().nullable() }),
    package: z.object({ id: z.string(), name: z.string(), dataMb: volumeMb }),
    effective: z.enum(['now', 'nextMonth']),
    effectiveFrom: instant,
    amountFen,
    state: z.enum(orderStates),
    stateLabel: z.string(),
    stateAdvice: z.string().describe('What this means and what happens next'),
    createdAt: instant,
    payBefore: instant,
    paidAt: instant.nullable(),
    deliveredAt: instant.nullable(),
    transactionId: z.string().nullable(),
    events: z.array(z.object({ at: instant, type: z.string(), label: z.string() })),
    actions: z.array(z.enum(orderActions)),
    payment: paymentParameters.optional(),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof order>;

const orderParams = z.strictObject({ orderId: id });

export const orderRoutes = {
  'POST /orders': {
    audience: 'user',
    summary: 'Order a package for a card, at the price that stands on the shelf',
    headers: z.object({
      'idempotency-key': z.string().regex(/^[0-9A-Za-z-]{16,64}$/),
    }),
    body: z.strictObject({
      cardId: id,
      packageId: z.string().min(1).max(64),
      effective: z.enum(['now', 'nextMonth']),
    }),
    answers: { 201: order },
    errors: [
      'idempotency.required',
      'idempotency.mismatch',
      'card.not_found',
      'card.cannot_buy',
      'package.not_found',
      'package.being_delivered',
      'package.not_in_stock',
      'package.cannot_buy',
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
    summary: "The caller's orders, newest first",
    query: pageQuery,
    answers: { 200: pageOf(order) },
    errors: [],
  },
  'GET /orders/:orderId': {
    audience: 'user',
    summary: 'An order; while it is unsettled the payment channel is asked',
    params: orderParams,
    answers: { 200: order },
    errors: ['order.not_found'],
  },
  'POST /orders/:orderId/payment': {
    audience: 'user',
    summary: 'Payment parameters again, under the same order number',
    params: orderParams,
    answers: { 200: z.object({ payment: paymentParameters }) },
    errors: ['order.not_found', 'order.already_paid', 'order.not_payable', 'payment.unavailable'],
  },
  'POST /orders/:orderId/cancel': {
    audience: 'user',
    summary: 'Cancel an order that is not paid; the channel is asked first',
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
