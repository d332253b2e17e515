import type { ErrorCode } from '@shared/error-codes';
import type { RawRequest } from './api-client';
import type { Stack } from './harness';
import type { WechatPayShop } from './wechatpay-shop';

/** A row of a table of bad input: what is sent, and how it is refused. */
export type RejectionCase = [
  name: string,
  request: () => RawRequest,
  status: number,
  code: ErrorCode,
];

/** What no bad notification may change. The jobs of orders run by the clock, and do so all the same. */
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

/** Sends what must be refused, and sees that it was refused so, counted once, and changed nothing. */
export async function expectRejected(
  { stack, countNotifications: counted }: WechatPayShop,
  { path, ...request }: RawRequest,
  status: number,
  code: ErrorCode,
): Promise<void> {
  const channel = path.slice(path.lastIndexOf('/') + 1);
  const [before, times] = [readStoreState(stack), await counted(code, channel)];
  const answer = await stack.anyone.raw({ path, ...request });
  expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ status, code })]);
  expect(await counted(code, channel)).toBe(times + 1);
  expect(readStoreState(stack)).toEqual(before);
}
