import { z } from 'zod';
import { id, instant } from './common';
import type { ContractDeclaration } from './route';

/**
 * As printed on the device. ASSUMED to be a UUID, as every example of the platform's document is; its letters
 * mean the same in either case (RFC 9562, section 4).
 */
const deviceId = z
  .string()
  .trim()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be the UUID of a device')
  .toLowerCase();

const device = z
  .object({
    id: z.string(),
    cardId: id
      .nullable()
      .describe('The card it is tied to; null where staff look at one that is not'),
    status: z.enum(['known', 'disabled']).describe('disabled: its platform has blocked it'),
    online: z.boolean().nullable().describe('null where its platform does not tell'),
    product: z.object({ id: z.string(), name: z.string() }).nullable(),
    activatedAt: instant.nullable(),
    macMasked: z.string().nullable(),
  })
  .meta({ id: 'Device' });
export type Device = z.infer<typeof device>;

const deviceUser = z
  .object({
    role: z.enum(['owner', 'admin', 'member', 'unknown']),
    label: z.string(),
    phoneMasked: z.string().nullable(),
    emailMasked: z.string().nullable(),
  })
  .meta({ id: 'DeviceUser' });
export type DeviceUser = z.infer<typeof deviceUser>;

const cardParams = z.strictObject({ cardId: id });
const deviceParams = z.strictObject({ deviceId });
const bindingBody = z.strictObject({ deviceId });
/** How many people will lose the device: what the caller was shown, and agreed to. */
const MAX_HOLDERS = 100_000;
const holderCount = z.number().int().min(0).max(MAX_HOLDERS);
const released = z.object({ releasedUsers: z.int().nonnegative() });
const reason = z
  .string()
  .regex(/^\P{Cc}*$/u)
  .trim()
  .min(2)
  .max(500);

export const deviceRoutes = {
  'PUT /me/cards/:cardId/device': {
    audience: 'user',
    summary: 'Tie a device to a card of the wallet',
    params: cardParams,
    body: bindingBody,
    answers: { 200: device },
    errors: [
      'device.not_configured',
      'card.not_found',
      'device.not_found',
      'device.lookup_limited',
      'device.tied_elsewhere',
      'device.tied_by_shop',
      'platform.unavailable',
    ],
  },
  'DELETE /me/cards/:cardId/device': {
    audience: 'user',
    summary:
      'Take the tie of a card of the wallet away; the device itself stays with whoever holds it',
    params: cardParams,
    answers: { 204: null },
    errors: ['device.not_configured', 'device.not_found', 'device.tied_by_shop'],
  },
  'GET /devices/:deviceId': {
    audience: 'user',
    summary: 'A device that is tied to a card of the wallet',
    params: deviceParams,
    answers: { 200: device },
    errors: [
      'device.not_configured',
      'device.not_found',
      'device.lookup_limited',
      'platform.unavailable',
    ],
  },
  'GET /devices/:deviceId/users': {
    audience: 'user',
    summary: 'Everybody who can control it',
    params: deviceParams,
    answers: { 200: z.object({ items: z.array(deviceUser) }) },
    errors: [
      'device.not_configured',
      'device.not_found',
      'device.lookup_limited',
      'platform.unavailable',
    ],
  },
  'DELETE /devices/:deviceId/binding': {
    audience: 'user',
    summary:
      'Take the device from everybody who can control it, for good. Needs a proof of possession of its card',
    params: deviceParams,
    query: z.strictObject({
      confirm: z.coerce
        .string()
        .regex(/^\d{1,6}$/)
        .transform(Number)
        .describe('How many people lose it; refused where that is not so any more'),
    }),
    answers: { 200: released },
    errors: [
      'device.not_configured',
      'device.not_found',
      'device.lookup_limited',
      'card.possession_required',
      'device.holders_changed',
      'device.unbind_refused',
      'device.outcome_unknown',
      'platform.unavailable',
    ],
  },
  'GET /support/devices/:deviceId': {
    audience: 'staff',
    summary: 'A device and who can control it',
    params: deviceParams,
    answers: { 200: z.object({ device, users: z.array(deviceUser) }) },
    errors: ['device.not_configured', 'device.not_found', 'platform.unavailable'],
  },
  'PUT /support/cards/:cardId/device': {
    audience: 'staff',
    summary: 'Tie a device to a card, away from another card if need be',
    params: cardParams,
    body: bindingBody,
    answers: { 200: device },
    errors: [
      'device.not_configured',
      'card.not_found',
      'device.not_found',
      'device.tied_elsewhere',
      'platform.unavailable',
    ],
  },
  'DELETE /support/cards/:cardId/device': {
    audience: 'staff',
    summary: "Take a card's tie to its device away",
    params: cardParams,
    answers: { 204: null },
    errors: ['device.not_configured', 'device.not_found'],
  },
  'POST /support/devices/:deviceId/releases': {
    audience: 'staff',
    summary: 'Take the device from everybody who can control it, for good (supervisors)',
    params: deviceParams,
    body: z.strictObject({
      confirm: holderCount.describe(
        'How many people lose it; refused where that is not so any more',
      ),
      reason,
    }),
    answers: { 200: released },
    errors: [
      'device.not_configured',
      'staff.forbidden',
      'device.not_found',
      'device.holders_changed',
      'device.unbind_refused',
      'device.outcome_unknown',
      'platform.unavailable',
    ],
  },
} as const satisfies ContractDeclaration;

export type DeviceRoute = keyof typeof deviceRoutes;
