import type { ErrorCode } from '@shared/error-codes';
import type { RawRequest } from './api-client';
import type { Stack } from './harness';
import type { Shop } from './shop';

/** A row of a table of bad input: the request, and how it is refused. */
export type RejectionCase = [
  name: string,
  request: () => RawRequest,
  status: number,
  code: ErrorCode,
];

/**
 * The rows that a refused notification must not change. Jobs of orders change by themselves and are left out.
 */
export function readStoreState({ rows }: Stack) {
  return {
    orders: rows('select number, state, version, paid_at from orders order by id'),
    notifications: rows('select id, deliveries from notifications order by id'),
    captures: rows('select id from captures order by id'),
    refunds: rows('select id from refunds order by id'),
    deliveries: rows('select order_id from deliveries order by order_id'),
    alerts: rows('select id from alerts order by id'),
    jobs: rows("select kind, subject_id from jobs where kind <> 'order' order by id"),
  };
}

/** Sends a request and expects that it is refused with the code, counted once, and changes nothing. */
export async function expectRejected(
  { stack, countNotifications }: Shop,
  { path, ...request }: RawRequest,
  status: number,
  code: ErrorCode,
): Promise<void> {
  const channel = path.slice(path.lastIndexOf('/') + 1);
  const stateBefore = readStoreState(stack);
  const countBefore = await countNotifications(code, channel);
  const answer = await stack.anyone.raw({ path, ...request });
  expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ status, code })]);
  expect(await countNotifications(code, channel)).toBe(countBefore + 1);
  expect(readStoreState(stack)).toEqual(stateBefore);
}
