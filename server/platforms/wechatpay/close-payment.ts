import { z } from 'zod';
import type { Outcome } from '../ports';
import type { WechatPayContext } from './context';
import type { RefusalCode } from './error-codes';
import { toRefusedOutcome } from './refused-outcome';

/** Older pages of 关闭订单 refuse with INVALID_REQUEST in the first five minutes after an order was created. */
const refusalReasons = { ORDERPAID: 'alreadyPaid', INVALID_REQUEST: 'tooEarly' } as const;

const closedOrAbsent: readonly RefusalCode[] = [
  'ORDER_CLOSED',
  'ORDER_NOT_EXIST',
  'RESOURCE_NOT_EXISTS',
];

/** 关闭订单. An order that is closed already, or does not exist, counts as closed. */
export async function closePayment(
  { client, account }: WechatPayContext,
  orderNumber: string,
): Promise<Outcome<null, 'alreadyPaid' | 'tooEarly' | 'rejected'>> {
  const result = await client.call(
    {
      operation: 'close',
      method: 'POST',
      path: `/v3/pay/transactions/out-trade-no/${encodeURIComponent(orderNumber)}/close`,
      body: { mchid: account.mchId },
    },
    z.unknown(),
  );
  if (result.outcome === 'unknown') return result;
  if (result.outcome === 'done' || closedOrAbsent.includes(result.code)) {
    return { outcome: 'done', value: null };
  }
  return toRefusedOutcome(result, refusalReasons);
}
