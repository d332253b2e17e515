import { z } from 'zod';

/**
 * 示例卡商 (example), a platform that is made up: what its document would say stands in this one table, so that
 * there is one place to correct where the real platform differs.
 *
 * Each answer is `{"ok": true, "data": …}`, or `{"ok": false, "error": "<code>"}` by which nothing was done.
 * Every request carries the shop's key in `x-shop-key`. Money is whole fen, an instant is epoch seconds.
 */

const reference = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);
const megabytes = z.number().min(0).max(1e9);
const seconds = z.int().positive();
const amount = z.int().positive().max(1e9);

const card = z.object({
  id: reference,
  iccid: z.string().regex(/^89[0-9A-F]{17,18}$/),
  phone: z
    .string()
    .regex(/^1\d{10,12}$/)
    .nullable(),
});

const order = z.object({
  number: reference,
  packageId: reference,
  fen: amount,
  state: z.enum(['queued', 'done', 'failed']),
  doneAt: seconds.nullable(),
});

export const operations = {
  search: { method: 'GET', path: '/cards', idempotent: true, answer: z.array(card) },
  card: {
    method: 'GET',
    path: '/card',
    idempotent: true,
    answer: card.extend({
      status: z.string().max(32),
      totalMb: megabytes,
      usedMb: megabytes,
      at: seconds,
    }),
  },
  packages: {
    method: 'GET',
    path: '/packages',
    idempotent: true,
    answer: z.array(
      z.object({ id: reference, name: z.string().max(200), mb: megabytes, fen: amount }),
    ),
  },
  buy: { method: 'POST', path: '/orders', idempotent: true, answer: order },
  orders: { method: 'GET', path: '/orders', idempotent: true, answer: z.array(order) },
  balance: {
    method: 'GET',
    path: '/balance',
    idempotent: true,
    answer: z.object({ fen: z.int().min(0) }),
  },
} as const satisfies Record<string, Operation>;

interface Operation {
  method: 'GET' | 'POST';
  path: string;
  /** Whether sending it twice does no more than sending it once. */
  idempotent: boolean;
  answer: z.ZodType;
}

export type OperationName = keyof typeof operations;
export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

export const envelope = z.union([
  z.object({ ok: z.literal(true), data: z.unknown() }),
  // Only what is listed is a refusal: after any other word, the call may have been carried out.
  z.object({
    ok: z.literal(false),
    error: z.enum(['noCard', 'noPackage', 'numberTaken', 'noMoney']),
  }),
]);
