import { z } from 'zod';
import { orderStates } from '../order-state';
import { card, cardList } from './cards';
import {
  amountFen,
  explanation,
  id,
  idempotencyHeaders,
  instant,
  pageOf,
  pageQuery,
  plainText,
  searchText,
} from './common';
import { order } from './orders';
import type { ContractDeclaration } from './route';
import { staffRoles } from './staff-role';

const staffMember = z
  .object({ id, username: z.string(), role: z.enum(staffRoles) })
  .meta({ id: 'StaffMember' });

/** A card for staff: the normalised card and the platform's unchanged answers. */
const supportCard = z
  .object({
    card,
    raw: z
      .array(
        z.object({
          operation: z.string().describe("The platform's operation"),
          fetchedAt: instant,
          answer: z.unknown(),
        }),
      )
      .describe('The answers of the platform, without real-name data'),
    orders: z.array(order),
  })
  .meta({ id: 'SupportCard' });

const refund = z
  .object({
    id,
    number: z.string().describe('The refund number, which is also used at the payment channel'),
    amountFen,
    state: z
      .enum([
        'requested',
        'waiting',
        'processing',
        'done',
        'failed',
        'abnormal',
        'closed',
        'settledOutside',
      ])
      .describe(
        "waiting: the merchant's balance is too low; failed: the channel refuses it; abnormal: the channel cannot pay it out, staff decide where the money goes; closed: the channel ended it without paying, another refund may replace it; settledOutside: the customer was paid without the channel",
      ),
    origin: z
      .enum(['shop', 'channel'])
      .describe("channel: made in the payment channel's own console"),
    replacesNumber: z
      .string()
      .nullable()
      .describe('The number of the closed refund that it replaces'),
    redirectedTo: z
      .enum(['userBankCard', 'merchant'])
      .nullable()
      .describe('Where staff sent the money of an abnormal refund'),
    settlement: z
      .object({ evidence: z.string(), requestedBy: z.string(), requestedAt: instant })
      .nullable()
      .describe('The settlement outside the channel that waits for a second person'),
    reason: z.string(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Refund' });

const alert = z
  .object({ kind: z.string(), detail: z.string().nullable(), raisedAt: instant })
  .meta({ id: 'Alert' });

const supportOrder = z
  .object({
    order,
    userId: id,
    captures: z
      .array(z.object({ transactionId: z.string(), amountFen, paidAt: instant }))
      .describe(
        'The payments that the channel captured; more than one if the order was paid twice',
      ),
    refunds: z.array(refund),
    alerts: z.array(alert).describe('Open alerts'),
    timeline: z.array(
      z.object({
        at: instant,
        kind: z.enum(['state', 'upstream', 'notification']),
        title: z.string(),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'SupportOrder' });

const overview = z
  .object({
    alerts: z.object({
      open: z.int(),
      byKind: z.record(z.string(), z.int()),
      items: z
        .array(
          alert.extend({
            subject: z.string().describe('The id of the order, or what else the alert is about'),
            orderId: id.nullable(),
            orderNumber: z.string().nullable(),
          }),
        )
        .max(50)
        .describe('The oldest open alerts'),
    }),
    orders: z.object({
      byState: z
        .partialRecord(z.enum(orderStates), z.int())
        .describe('The number of orders in each state that is not final'),
    }),
    refunds: z.object({ open: z.int() }),
  })
  .meta({ id: 'Overview' });

const reconciliation = z
  .object({
    day: z.iso.date().describe('A Beijing calendar day'),
    channel: z.string(),
    comparedAt: instant,
    takenHereFen: amountFen,
    takenThereFen: amountFen,
    returnedHereFen: amountFen,
    returnedThereFen: amountFen,
    differences: z.array(
      z.object({
        kind: z.enum([
          'paidThereNotHere',
          'paidHereNotThere',
          'amountDiffers',
          'deliveredUnpaid',
          'paidUndelivered',
          'refundDiffers',
          'refundedThereNotHere',
          'billRowUnreadable',
        ]),
        orderNumber: z.string(),
        reference: z
          .string()
          .describe('Transaction or refund number; empty if the difference is about a delivery'),
        hereFen: amountFen.nullable(),
        thereFen: amountFen.nullable(),
        automatic: z.boolean().describe('Whether the server tries to settle it without staff'),
        foundAt: instant,
        settledAt: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'Reconciliation' });

const listQuery = pageQuery.extend({ cursor: plainText.min(1).max(200).optional() });
const orderParams = z.strictObject({ orderId: id });
const refundParams = z.strictObject({ refundId: id });

export const supportRoutes = {
  'POST /support/sessions': {
    audience: 'anyone',
    summary: 'Sign in as a member of the staff',
    body: z.strictObject({
      username: plainText.min(1).max(64),
      password: z.string().min(1).max(256),
      otp: z.string().max(16).optional(),
    }),
    answers: {
      201: z
        .object({ token: z.string(), expiresAt: instant, staff: staffMember })
        .meta({ id: 'StaffSession' }),
    },
    errors: ['login.password_wrong', 'login.locked'],
  },
  'DELETE /support/sessions/current': {
    audience: 'staff',
    role: 'agent',
    summary: 'Sign out',
    answers: { 204: null },
    errors: [],
  },
  'GET /support/cards': {
    audience: 'staff',
    role: 'agent',
    summary: 'Find cards by any number of the card, or by an order number',
    query: z.strictObject({ query: searchText }),
    answers: { 200: cardList },
    errors: [
      'card.number_invalid',
      'card.number_several',
      'card.number_other',
      'card.not_found',
      'platform.unavailable',
      'platform.busy',
    ],
  },
  'GET /support/cards/:cardId': {
    audience: 'staff',
    role: 'agent',
    summary: 'Read a card with the raw answers of its platform and its orders',
    params: z.strictObject({ cardId: id }),
    answers: { 200: supportCard },
    errors: ['card.not_found', 'platform.unavailable', 'platform.busy'],
  },
  'GET /support/orders': {
    audience: 'staff',
    role: 'agent',
    summary:
      'Find orders by order number, transaction number, ICCID or access number; newest first',
    query: listQuery.extend({
      query: searchText.optional(),
      state: z.enum(orderStates).optional(),
      from: instant.optional(),
      to: instant.optional(),
    }),
    answers: { 200: pageOf(order) },
    errors: [],
  },
  'GET /support/orders/:orderId': {
    audience: 'staff',
    role: 'agent',
    summary: 'Read an order with its payments, refunds, alerts and timeline',
    params: orderParams,
    answers: { 200: supportOrder },
    errors: ['order.not_found'],
  },
  'POST /support/orders/:orderId/refunds': {
    audience: 'staff',
    role: 'supervisor',
    summary: 'Refund a delivered order, in part or in full, or an order under review in full',
    params: orderParams,
    headers: idempotencyHeaders,
    headerError: 'idempotency.required',
    body: z.strictObject({ amountFen: amountFen.min(1), reason: explanation }),
    answers: { 201: z.object({ refund }) },
    errors: ['idempotency.mismatch', 'order.not_found', 'refund.too_much', 'refund.not_possible'],
  },
  'POST /support/refunds/:refundId/redirections': {
    audience: 'staff',
    role: 'supervisor',
    summary:
      'Send the money of an abnormal refund to another card of the customer or to the merchant',
    params: refundParams,
    body: z
      .strictObject({
        to: z.enum(['merchant', 'userBankCard']),
        bankCard: z
          .strictObject({
            bankType: z
              .string()
              .regex(/^[A-Z0-9_]{2,32}$/)
              .describe("The bank's code at WeChat Pay, such as ICBC_DEBIT"),
            bankAccount: z.string().regex(/^\d{8,32}$/),
            realName: plainText.trim().min(2).max(64),
          })
          .optional()
          .describe('The card of the customer: passed on encrypted, never stored'),
      })
      .refine(({ to, bankCard }) => (to === 'userBankCard') === (bankCard !== undefined), {
        path: ['bankCard'],
        error: 'required for userBankCard, and only for it',
      }),
    answers: { 200: z.object({ refund }) },
    errors: [
      'refund.not_found',
      'refund.not_abnormal',
      'refund.redirect_refused',
      'platform.unavailable',
      'platform.busy',
    ],
  },
  'POST /support/refunds/:refundId/settlements': {
    audience: 'staff',
    role: 'supervisor',
    summary: 'Ask to record that the customer was paid outside the payment channel',
    params: refundParams,
    body: z.strictObject({
      evidence: explanation.describe('How and when the customer was paid; kept with the refund'),
    }),
    answers: { 201: z.object({ refund }) },
    errors: ['refund.not_found', 'refund.not_settleable', 'refund.settlement_pending'],
  },
  'POST /support/refunds/:refundId/approve': {
    audience: 'staff',
    role: 'supervisor',
    summary: 'Approve the settlement of a refund that another person asked for',
    params: refundParams,
    answers: { 200: z.object({ refund }) },
    errors: [
      'refund.not_found',
      'refund.not_settleable',
      'refund.settlement_missing',
      'refund.settlement_own',
      'refund.settlement_early',
      'platform.unavailable',
      'platform.busy',
    ],
  },
  'POST /support/refunds/:refundId/reject': {
    audience: 'staff',
    role: 'supervisor',
    summary: 'Reject the settlement of a refund',
    params: refundParams,
    answers: { 200: z.object({ refund }) },
    errors: ['refund.not_found', 'refund.settlement_missing'],
  },
  'POST /support/orders/:orderId/resolutions': {
    audience: 'staff',
    role: 'supervisor',
    summary: 'Resolve an order whose delivery is unknown or whose payment is under review',
    params: orderParams,
    body: z.strictObject({
      outcome: z
        .enum(['delivered', 'notDelivered'])
        .describe('notDelivered: the customer is refunded'),
      evidence: explanation.describe('How the outcome was established; kept with the order'),
    }),
    answers: { 200: order },
    errors: ['order.not_found', 'order.not_resolvable'],
  },
  'GET /support/overview': {
    audience: 'staff',
    role: 'agent',
    summary: 'Read the open alerts and the number of open orders and refunds',
    answers: { 200: overview },
    errors: [],
  },
  'GET /support/reconciliations': {
    audience: 'staff',
    role: 'agent',
    summary: 'List the daily reconciliations, newest first',
    query: listQuery,
    answers: { 200: pageOf(reconciliation) },
    errors: [],
  },
  'POST /support/reconciliations': {
    audience: 'staff',
    role: 'supervisor',
    summary: 'Reconcile a day now',
    body: z.strictObject({ day: z.iso.date() }),
    answers: { 200: z.object({ items: z.array(reconciliation) }) },
    errors: ['reconciliation.not_ready', 'platform.unavailable', 'platform.busy'],
  },
} as const satisfies ContractDeclaration;
