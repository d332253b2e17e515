import { z } from 'zod';
import { cardParts } from '../card-parts';
import { cardStatusCodes, carriers } from '../carrier-status';
import { amountFen, id, instant, pageOf, statedVolumeMb, volumeMb } from './common';
import { freeText } from './free-text';
import type { ContractDeclaration } from './route';

const usage = z.object({
  totalMb: volumeMb,
  usedMb: volumeMb,
  remainingMb: volumeMb,
  asOf: instant.describe('When the platform measured it'),
});

const subscription = z
  .object({
    name: z.string(),
    dataMb: statedVolumeMb,
    state: z.enum(['current', 'queued', 'expired']),
    from: instant.nullable().describe('null if the platform states no date'),
    until: instant.nullable().describe('null if the platform states no date'),
  })
  .meta({ id: 'Subscription' });

export const card = z
  .object({
    id,
    number: z
      .string()
      .describe(
        "The ICCID, or the platform's own number of the card if no ICCID is known. Masked unless the card is in the caller's wallet",
      ),
    iccid: z
      .string()
      .nullable()
      .describe(
        "Masked unless the card is in the caller's wallet; null if the platform does not provide it",
      ),
    accessNumber: z
      .string()
      .nullable()
      .describe("Masked unless the card is in the caller's wallet"),
    carrier: z.enum(carriers),
    platform: z.string(),
    status: z.object({
      code: z.enum(cardStatusCodes),
      label: z.string(),
      advice: z.string(),
      carrierCode: z.string(),
      carrierTexts: z
        .array(z.string())
        .describe("The carrier's own wording; several texts if the carrier's code is ambiguous"),
    }),
    realName: z.enum(['verified', 'unverified', 'unknown']),
    usage: usage.nullable().describe('null if the platform does not provide it'),
    expiresAt: instant.nullable(),
    currentPackage: subscription.nullable(),
    queuedPackages: z.int().nonnegative(),
    inWallet: z.boolean(),
    nickname: z.string().nullable(),
    canBuy: z.boolean(),
    blockedReason: z.string().nullable(),
    fetchedAt: instant.describe(
      'When the platform answered, or when it was queried if it has never answered',
    ),
    unreadable: z
      .array(
        z.object({
          part: z.enum(cardParts),
          lastKnownAt: instant
            .nullable()
            .describe('When the shown value was read; null if no value is known'),
        }),
      )
      .describe('The parts that the platform did not answer, or not in a readable way'),
    deviceId: z
      .string()
      .nullable()
      .describe(
        "The device that the card is bound to; null unless the card is in the caller's wallet",
      ),
    canTieDevice: z
      .boolean()
      .describe(
        "Whether a device can be bound to the card: it is in the caller's wallet, and a device platform is configured",
      ),
  })
  .meta({ id: 'Card' });
export type Card = z.infer<typeof card>;

/** What a search found, and the platforms that did not answer it. */
export const cardList = z.object({
  items: z.array(card),
  unansweredPlatforms: z
    .array(z.string())
    .describe('Platforms that did not answer: of theirs, only cards known here are listed'),
});

const packageKinds = ['basic', 'addOn', 'crossMonth', 'bonus'] as const;

const packageOnSale = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(packageKinds),
    kindLabel: z.string(),
    explanation: z.string(),
    dataMb: statedVolumeMb,
    priceFen: amountFen,
    effective: z.array(
      z.object({
        when: z.enum(['now', 'nextMonth']),
        from: instant,
        until: instant,
        warning: z
          .string()
          .nullable()
          .describe('Tells customers before they pay that the package ends within a few days'),
      }),
    ),
    canBuy: z.boolean(),
    blockedReason: z.string().nullable(),
  })
  .meta({ id: 'Package' });
export type Package = z.infer<typeof packageOnSale>;

const catalogue = z
  .object({
    categories: z.array(
      z.object({ id: z.string(), name: z.string(), packages: z.array(packageOnSale) }),
    ),
  })
  .meta({ id: 'Catalogue' });

const cardParams = z.strictObject({ cardId: id });
/** Our client sends the number that it has read from a longer text. */
const NUMBER_MAX_LENGTH = 512;
const numberInput = z
  .string()
  .min(1)
  .max(
    NUMBER_MAX_LENGTH,
    `must be a card number, or a text of at most ${String(NUMBER_MAX_LENGTH)} characters that contains one`,
  );
const nickname = freeText({ max: 20 });

export const cardRoutes = {
  'GET /cards': {
    audience: 'user',
    summary:
      'Look up cards by ICCID, the last ten characters of an ICCID, access number or custom number',
    query: z.strictObject({ number: numberInput }),
    answers: { 200: cardList },
    errors: [
      'card.number_invalid',
      'card.number_several',
      'card.number_other',
      'card.not_found',
      'card.lookup_limited',
      'platform.unavailable',
      'platform.busy',
    ],
  },
  'GET /cards/:cardId': {
    audience: 'user',
    summary: 'Read a card that the caller has looked up or has in the wallet',
    params: cardParams,
    answers: { 200: card },
    errors: ['card.not_found', 'platform.unavailable', 'platform.busy'],
  },
  'POST /cards/:cardId/refresh': {
    audience: 'user',
    summary: 'Query the platform for a new report; refused during a short cooldown',
    params: cardParams,
    answers: { 200: card },
    errors: ['card.not_found', 'card.refresh_too_soon', 'platform.unavailable', 'platform.busy'],
  },
  'GET /cards/:cardId/subscriptions': {
    audience: 'user',
    summary: 'List the packages of a card: current, queued and expired',
    params: cardParams,
    answers: {
      200: z.object({
        items: z.array(subscription),
        isComplete: z.boolean().describe('false: the platform did not answer; the items are old'),
      }),
    },
    errors: ['card.not_found', 'platform.unavailable', 'platform.busy'],
  },
  'GET /cards/:cardId/packages': {
    audience: 'user',
    summary: 'List the packages on sale for a card, by category',
    params: cardParams,
    answers: { 200: catalogue },
    errors: ['card.not_found', 'platform.unavailable', 'platform.busy'],
  },
  'GET /me/cards': {
    audience: 'user',
    summary: "List the cards in the caller's wallet",
    answers: { 200: pageOf(card) },
    errors: ['platform.unavailable', 'platform.busy'],
  },
  'POST /me/cards': {
    audience: 'user',
    summary: 'Add a card to the wallet',
    body: z
      .strictObject({
        number: numberInput.optional(),
        cardId: id
          .optional()
          .describe('Instead of a number: the id of a card that the caller has looked up'),
        nickname: nickname.optional(),
      })
      .refine(({ number, cardId }) => (number === undefined) !== (cardId === undefined), {
        message: 'name the card by number or by cardId',
      }),
    answers: { 200: card, 201: card },
    errors: [
      'card.number_invalid',
      'card.number_several',
      'card.number_other',
      'card.not_found',
      'card.lookup_limited',
      'platform.unavailable',
      'platform.busy',
    ],
  },
  'PATCH /me/cards/:cardId': {
    audience: 'user',
    summary: 'Set or clear the nickname of a card in the wallet',
    params: cardParams,
    body: z.strictObject({ nickname: nickname.nullable() }),
    answers: { 200: card },
    errors: ['card.not_found', 'platform.unavailable', 'platform.busy'],
  },
  'DELETE /me/cards/:cardId': {
    audience: 'user',
    summary: 'Remove a card from the wallet',
    params: cardParams,
    answers: { 204: null },
    errors: ['card.not_found'],
  },
  'POST /me/cards/:cardId/possession': {
    audience: 'user',
    summary:
      'Prove possession of a card in the wallet by its complete number. The proof is valid for ten minutes and is required for actions that cannot be undone',
    params: cardParams,
    body: z.strictObject({ number: numberInput }),
    answers: { 204: null },
    errors: ['card.not_found', 'card.possession_wrong', 'card.possession_limited'],
  },
} as const satisfies ContractDeclaration;
