import { z } from 'zod';
import { orderStates } from '../order-state';
import { card } from './cards';
import { amountFen, id, instant, pageOf, pageQuery } from './common';
import { order } from './orders';
import type { ContractDeclaration } from './route';

const staffRoles = ['agent', 'supervisor', 'admin'] as const;
export type StaffRole = (typeof staffRoles)[number];

const staffMember = z
  .object({ id, username: z.string(), role: z.enum(staffRoles) })
  .meta({ id: 'StaffMember' });

/** A card as staff see it: our words, and beside them what the platform said, letter for letter. */
const supportCard = z
  .object({
    card,
    raw: z
      .array(
        z.object({
          operation: z.string().describe("The platform's operation that answered this"),
          fetchedAt: instant,
          answer: z.unknown(),
        }),
      )
      .describe('What the platform answered, without real-name data'),
    orders: z.array(order),
  })
  .meta({ id: 'SupportCard' });

const refund = z
  .object({
    number: z.string().describe('The refund number, also at the payment channel'),
    amountFen,
    state: z
      .enum(['requested', 'waiting', 'processing', 'done', 'failed'])
      .describe("waiting: for the merchant's balance; failed: a person has to see to it"),
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
      .describe('What the channel took; more than one where it was paid twice'),
    refunds: z.array(refund),
    alerts: z.array(alert).describe('What a person has to look at, and is not settled'),
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
            subject: z.string().describe('What it is about, where it is not about one order'),
            orderId: id.nullable(),
            orderNumber: z.string().nullable(),
          }),
        )
        .max(50)
        .describe('The oldest ones'),
    }),
    orders: z.object({
      byState: z
        .partialRecord(z.enum(orderStates), z.int())
        .describe('How many orders are not at rest'),
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
        ]),
        orderNumber: z.string(),
        reference: z
          .string()
          .describe('Transaction or refund number; empty where it is about a delivery'),
        hereFen: amountFen.nullable(),
        thereFen: amountFen.nullable(),
        automatic: z.boolean().describe('Whether the rules try to settle it by themselves'),
        foundAt: instant,
        settledAt: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'Reconciliation' });

/** ¥100,000: more than any package costs, and what a slip of the hand would exceed. */
const HIGHEST_PRICE_FEN = 10_000_000;

const price = z
  .object({
    platform: z.string(),
    packageId: z.string(),
    name: z.string(),
    costFen: amountFen.nullable().describe('What it cost the shop when it was last seen'),
    priceFen: amountFen.nullable().describe('What customers pay; null: not for sale'),
    onSale: z.boolean().describe('Priced, and not below cost'),
    seenAt: instant,
    pricedAt: instant.nullable(),
  })
  .meta({ id: 'Price' });

/** Control characters mean nothing in a text, and PostgreSQL does not take all of them. */
const NO_CONTROLS = /^\P{Cc}*$/u;
const plainText = z.string().regex(NO_CONTROLS);
const searchText = plainText.trim().min(4).max(64);
/** The query of a list, kept to texts the store can be asked for. */
const listQuery = pageQuery.extend({ cursor: plainText.min(1).max(200).optional() });
const explanation = plainText.trim().min(2).max(500);
const orderParams = z.strictObject({ orderId: id });

export const supportRoutes = {
  'POST /support/sessions': {
    audience: 'anyone',
    summary: 'Staff sign in',
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
    summary: 'Staff sign out',
    answers: { 204: null },
    errors: [],
  },
  'GET /support/cards': {
    audience: 'staff',
    summary: "Find cards by any number, or by an order's number",
    query: z.strictObject({ query: searchText }),
    answers: { 200: z.object({ items: z.array(card) }) },
    errors: ['card.number_invalid', 'card.not_found', 'platform.unavailable', 'platform.busy'],
  },
  'GET /support/cards/:cardId': {
    audience: 'staff',
    summary: 'A card, normalised and raw side by side, with its orders',
    params: z.strictObject({ cardId: id }),
    answers: { 200: supportCard },
    errors: ['card.not_found', 'platform.unavailable', 'platform.busy'],
  },
  'GET /support/orders': {
    audience: 'staff',
    summary: 'Find orders by order number, transaction number, ICCID or access number',
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
    summary: 'An order with its money and its whole timeline',
    params: orderParams,
    answers: { 200: supportOrder },
    errors: ['order.not_found'],
  },
  'POST /support/orders/:orderId/refunds': {
    audience: 'staff',
    summary:
      'Give money back for a delivered order, in part or whole, or whole for one under review (supervisors)',
    params: orderParams,
    headers: z.object({ 'idempotency-key': z.string().regex(/^[0-9A-Za-z-]{16,64}$/) }),
    body: z.strictObject({ amountFen: amountFen.min(1), reason: explanation }),
    answers: { 201: z.object({ refund }) },
    errors: [
      'staff.forbidden',
      'idempotency.required',
      'idempotency.mismatch',
      'order.not_found',
      'refund.too_much',
      'refund.not_possible',
    ],
  },
  'POST /support/orders/:orderId/resolutions': {
    audience: 'staff',
    summary:
      'Settle an unknown delivery, or a payment under review, by what a person has found out (supervisors)',
    params: orderParams,
    body: z.strictObject({
      outcome: z
        .enum(['delivered', 'notDelivered'])
        .describe('notDelivered: the money goes back to the customer'),
      evidence: explanation.describe('How it was found out; kept with the order'),
    }),
    answers: { 200: order },
    errors: ['staff.forbidden', 'order.not_found', 'order.not_resolvable'],
  },
  'GET /support/overview': {
    audience: 'staff',
    summary: 'What waits for a person, and what is under way',
    answers: { 200: overview },
    errors: [],
  },
  'GET /support/prices': {
    audience: 'staff',
    summary: 'The price book: packages that their platform leaves to the shop to price',
    query: z.strictObject({
      card: searchText
        .optional()
        .describe('A card number: what its platform sells for it is put into the book first'),
    }),
    answers: { 200: z.object({ items: z.array(price) }) },
    errors: ['card.number_invalid', 'card.not_found', 'platform.unavailable', 'platform.busy'],
  },
  'PUT /support/prices/:platform/:packageId': {
    audience: 'staff',
    summary: 'Set what customers pay for a package, at least its cost (supervisors)',
    params: z.strictObject({
      platform: z.string().regex(/^[a-z0-9]{1,32}$/),
      packageId: plainText.min(1).max(64),
    }),
    body: z.strictObject({
      priceFen: amountFen
        .min(1)
        .max(HIGHEST_PRICE_FEN)
        .nullable()
        .describe('null: not for sale any more'),
    }),
    answers: { 200: price },
    errors: ['staff.forbidden', 'price.package_unknown', 'price.below_cost'],
  },
  'GET /support/reconciliations': {
    audience: 'staff',
    summary: 'The days as compared with channels and platforms, newest first',
    query: listQuery,
    answers: { 200: pageOf(reconciliation) },
    errors: [],
  },
  'POST /support/reconciliations': {
    audience: 'staff',
    summary: 'Compare a day now (supervisors)',
    body: z.strictObject({ day: z.iso.date() }),
    answers: { 200: z.object({ items: z.array(reconciliation) }) },
    errors: [
      'staff.forbidden',
      'reconciliation.not_ready',
      'platform.unavailable',
      'platform.busy',
    ],
  },
} as const satisfies ContractDeclaration;
