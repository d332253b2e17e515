import { z } from 'zod';
import { explanation, id, instant } from './common';
import type { ContractDeclaration } from './route';

/**
 * The id printed on the device. ASSUMED to be a UUID, as in every example of the platform's document.
 * Upper and lower case are equal (RFC 9562, section 4).
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
      .describe('The card that the device is bound to; null (for staff only) if it is not bound'),
    status: z.enum(['known', 'disabled']).describe('disabled: the platform has blocked the device'),
    online: z.boolean().nullable().describe('null if the platform does not provide it'),
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
const MAX_HOLDERS = 100_000;
const confirmedHolders =
  'The number of people who lose the device, as shown to the caller; refused if it has changed';
const released = z.object({ releasedUsers: z.int().nonnegative() });

export const deviceRoutes = {
  'PUT /me/cards/:cardId/device': {
    audience: 'user',
    summary: 'Bind a device to a card in the wallet',
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
      'Unbind the device from a card in the wallet. Who can control the device does not change',
    params: cardParams,
    answers: { 204: null },
    errors: ['device.not_configured', 'device.not_found', 'device.tied_by_shop'],
  },
  'GET /devices/:deviceId': {
    audience: 'user',
    summary: 'Read a device that is bound to a card in the wallet',
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
    summary: 'List the people who can control the device, masked',
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
      'Release the device: nobody can control it afterwards, and this cannot be undone. Requires a proof of possession of its card',
    params: deviceParams,
    query: z.strictObject({
      confirm: z.coerce
        .string()
        .regex(/^\d{1,6}$/)
        .transform(Number)
        .describe(confirmedHolders),
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
    role: 'agent',
    summary: 'Read a device and the people who can control it, masked',
    params: deviceParams,
    answers: { 200: z.object({ device, users: z.array(deviceUser) }) },
    errors: ['device.not_configured', 'device.not_found', 'platform.unavailable'],
  },
  'PUT /support/cards/:cardId/device': {
    audience: 'staff',
    role: 'agent',
    summary: 'Bind a device to a card; an existing binding of either is replaced',
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
    role: 'agent',
    summary: 'Unbind the device from a card',
    params: cardParams,
    answers: { 204: null },
    errors: ['device.not_configured', 'device.not_found'],
  },
  'POST /support/devices/:deviceId/releases': {
    audience: 'staff',
    role: 'supervisor',
    summary: 'Release a device: nobody can control it afterwards, and this cannot be undone',
    params: deviceParams,
    body: z.strictObject({
      confirm: z.number().int().min(0).max(MAX_HOLDERS).describe(confirmedHolders),
      reason: explanation,
    }),
    answers: { 200: released },
    errors: [
      'device.not_configured',
      'device.not_found',
      'device.holders_changed',
      'device.unbind_refused',
      'device.outcome_unknown',
      'platform.unavailable',
    ],
  },
} as const satisfies ContractDeclaration;

export type DeviceRoute = keyof typeof deviceRoutes;
