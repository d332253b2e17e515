import { z } from 'zod';
import { CARD_INPUT_MAX_LENGTH } from '../card-number';
import { freeText, plainText } from './free-text';

export { plainText };

/** An id of ours in a path. */
export const id = z.uuid();

export const instant = z.iso.datetime().describe('RFC 3339, UTC');

export const amountFen = z.int().nonnegative().describe('Amount in fen (1/100 yuan)');

export const volumeMb = z.number().nonnegative().describe('Data volume in MB (1 GB = 1024 MB)');

export const statedVolumeMb = volumeMb
  .nullable()
  .describe('Data volume in MB; null if it is unlimited or the platform does not state it');

/** The reason or evidence that a member of the staff gives for a change; kept with it. */
export const explanation = freeText({
  min: 2,
  max: 500,
  multiline: true,
  refuseControls: true,
});

/**
 * The header of a route that must not run twice for one request. A request repeated under the same key
 * gets the answer of the first one.
 */
export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[0-9A-Za-z-]{16,64}$/)
    .describe('A key of the caller for this request: repeating it under the same key is safe'),
});

/** The query of a list. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: plainText.min(1).max(200).optional().describe('`nextCursor` of the page before'),
});

/** The answer of a list: the items of one page, and the cursor of the next page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('null on the last page'),
  });
}

/** RFC 9457 problem details: the body of every error. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe('A stable code to branch on'),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    orderId: z.string().optional().describe('The order the error is about, if any'),
    holders: z.int().optional().describe('The number of people who hold the device'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;

/** What staff type or paste into a search field: a number, or a link that contains one. */
export const searchText = freeText({ min: 4, max: CARD_INPUT_MAX_LENGTH });
