import { z } from 'zod';
import { amountFen, instant, plainText, searchText } from './common';
import type { ContractDeclaration } from './route';

/** ¥100,000: more than any package costs, so a higher price is a typing error. */
const HIGHEST_PRICE_FEN = 10_000_000;

const price = z
  .object({
    platform: z.string(),
    packageId: z.string(),
    name: z.string(),
    costFen: amountFen
      .nullable()
      .describe(
        'What the package cost the shop when it was last seen; null if the platform does not say',
      ),
    priceFen: amountFen.nullable().describe('What customers pay; null: not on sale'),
    onSale: z.boolean().describe('Whether it has a price that is not below its cost'),
    seenAt: instant,
    pricedAt: instant.nullable(),
  })
  .meta({ id: 'Price' });

const omittedPackage = z
  .object({
    platform: z.string(),
    packageId: z.string().nullable(),
    name: z.string().nullable(),
    reason: z.string().describe('What is wrong with it: its invalid fields'),
  })
  .meta({ id: 'OmittedPackage' });

/** The shop's price book. */
export const priceRoutes = {
  'GET /support/prices': {
    audience: 'staff',
    role: 'agent',
    summary: 'List the packages that the shop sets a price for',
    query: z.strictObject({
      card: searchText
        .optional()
        .describe(
          'A card number: the packages that are sold for this card are added to the list first',
        ),
    }),
    answers: {
      200: z.object({
        items: z.array(price),
        omitted: z
          .array(omittedPackage)
          .describe("The given card's packages that are not offered, because they are unreadable"),
      }),
    },
    errors: [
      'card.number_invalid',
      'card.number_several',
      'card.number_other',
      'card.not_found',
      'platform.unavailable',
      'platform.busy',
    ],
  },
  'PUT /support/prices/:platform/:packageId': {
    audience: 'staff',
    role: 'supervisor',
    summary: 'Set the price of a package, which must not be below its cost',
    params: z.strictObject({
      platform: z.string().regex(/^[a-z0-9]{1,32}$/),
      packageId: plainText.min(1).max(64),
    }),
    body: z.strictObject({
      priceFen: amountFen
        .min(1)
        .max(HIGHEST_PRICE_FEN)
        .nullable()
        .describe('null: no longer on sale'),
    }),
    answers: { 200: price },
    errors: ['price.package_unknown', 'price.below_cost'],
  },
} as const satisfies ContractDeclaration;
