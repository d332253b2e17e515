import { z } from 'zod';
import { orderStates } from '../order-state';
import { card } from './cards';
import { id, instant, pageOf, pageQuery } from './common';
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

const supportOrder = z
  .object({
    order,
    userId: id,
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

const searchText = z.string().trim().min(4).max(64);

export const supportRoutes = {
  'POST /support/sessions': {
    audience: 'anyone',
    summary: 'Staff sign in',
    body: z.strictObject({
      username: z.string().min(1).max(64),
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
    errors: ['card.number_invalid', 'card.not_found', 'platform.unavailable'],
  },
  'GET /support/cards/:cardId': {
    audience: 'staff',
    summary: 'A card, normalised and raw side by side, with its orders',
    params: z.strictObject({ cardId: id }),
    answers: { 200: supportCard },
    errors: ['card.not_found', 'platform.unavailable'],
  },
  'GET /support/orders': {
    audience: 'staff',
    summary: 'Find orders by order number, transaction number, ICCID or access number',
    query: pageQuery.extend({
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
    summary: 'An order with its whole timeline',
    params: z.strictObject({ orderId: id }),
    answers: { 200: supportOrder },
    errors: ['order.not_found'],
  },
} as const satisfies ContractDeclaration;
