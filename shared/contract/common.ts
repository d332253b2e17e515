import { z } from 'zod';

/** An id of ours in a path. */
export const id = z.uuid();

export const instant = z.iso.datetime().describe('RFC 3339, UTC');

export const amountFen = z.int().nonnegative().describe('Amount in fen (1/100 yuan)');

export const volumeMb = z.number().nonnegative().describe('Data volume in MB (1 GB = 1024 MB)');

/** The query of a list. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(200).optional(),
});

/** The answer of a list: its items and where the next page starts. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** RFC 9457 problem details: the body of every error. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    orderId: z.string().optional().describe('The order this is about, where there is one'),
    holders: z.int().optional().describe('How many people hold the device this is about'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
