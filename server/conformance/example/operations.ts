import { z } from 'zod';

/**
 * 示例卡商 (example) is an invented platform. This table holds what its document would say. If the real platform
 * differs, this is the only place to correct.
 *
 * Each answer is `{"ok": true, "data": …}`, or `{"ok": false, "error": "<code>"}` if nothing was done. Every
 * request carries the shop's key in `x-shop-key`. Money is in whole fen, times are in epoch seconds.
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

const cardRequest = z.object({ id: reference });

export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Whether a request may be sent twice. */
  readonly idempotent: boolean;
  readonly request: z.ZodObject;
  readonly answer: z.ZodType;
}

const readOperation = { method: 'GET', idempotent: true } as const;

export const operations = {
  search: {
    ...readOperation,
    id: 'search',
    path: '/cards',
    request: z.object({ number: z.string() }),
    answer: z.array(card),
  },
  card: {
    ...readOperation,
    id: 'card',
    path: '/card',
    request: cardRequest,
    answer: card.extend({
      status: z.string().max(32),
      totalMb: megabytes,
      usedMb: megabytes,
      at: seconds,
    }),
  },
  packages: {
    ...readOperation,
    id: 'packages',
    path: '/packages',
    request: cardRequest,
    answer: z.array(
      z.object({ id: reference, name: z.string().max(200), mb: megabytes, fen: amount }),
    ),
  },
  buy: {
    id: 'buy',
    method: 'POST',
    path: '/orders',
    // An order number is used once: the same request again returns the same order.
    idempotent: true,
    request: z.object({ number: reference, id: reference, packageId: reference, fen: amount }),
    answer: order,
  },
  orders: {
    ...readOperation,
    id: 'orders',
    path: '/orders',
    request: z.object({ number: reference.optional(), day: z.string().optional() }),
    answer: z.array(order),
  },
  balance: {
    ...readOperation,
    id: 'balance',
    path: '/balance',
    request: z.object({}),
    answer: z.object({ fen: z.int().min(0) }),
  },
} as const satisfies Record<string, Operation>;

type OperationName = keyof typeof operations;
export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

export const envelope = z.union([
  z.object({ ok: z.literal(true), data: z.unknown() }),
  // Only a listed error is a refusal. After any other error, the call may have been carried out.
  z.object({
    ok: z.literal(false),
    error: z.enum(['noCard', 'noPackage', 'numberTaken', 'noMoney']),
  }),
]);
export type RefusalCode = Extract<z.output<typeof envelope>, { ok: false }>['error'];
