import { z } from 'zod';
import { PlatformUnavailable } from '../ports';
import type { Outcome, RefundOrder, RefundState } from '../ports';
import type { WechatPayContext } from './context';
import { queryRefused, reportMismatch, toRefusedOutcome } from './refused-outcome';
import { CURRENCY, amount, orderNumber, transactionId } from './trades';
import { truncateToBytes } from './truncate';

export const refundNumber = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/);

/** 申请退款: at most 80 characters. The page does not say what it counts, so bytes are safe. */
const REASON_BYTES = 80;

const refundStates = {
  PROCESSING: 'processing',
  SUCCESS: 'done',
  // Nothing was refunded: the money is back with the merchant, or WeChat Pay holds it until a person acts.
  CLOSED: 'abnormal',
  ABNORMAL: 'abnormal',
} as const satisfies Record<string, RefundState>;

/** 申请退款, 查询单笔退款. */
const refundAnswer = z.object({
  out_refund_no: refundNumber,
  out_trade_no: orderNumber,
  transaction_id: transactionId,
  status: z.enum(['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL']),
  amount: z.object({ total: amount, refund: amount, currency: z.literal(CURRENCY) }),
});
type RefundAnswer = z.output<typeof refundAnswer>;

const OTHER_REFUND = 'answered about another refund';

function matchesOrder(answer: RefundAnswer, order: RefundOrder): boolean {
  return (
    answer.out_refund_no === order.refundNumber &&
    answer.out_trade_no === order.orderNumber &&
    answer.transaction_id === order.transactionId &&
    answer.amount.total === order.paid &&
    answer.amount.refund === order.amount
  );
}

function refundBody(order: RefundOrder, notifyUrl: string): object {
  const reason = truncateToBytes(order.reason, REASON_BYTES);
  return {
    // An order number can have been paid twice. The transaction id says which payment is refunded.
    transaction_id: order.transactionId,
    out_refund_no: order.refundNumber,
    ...(reason !== '' && { reason }),
    notify_url: notifyUrl,
    amount: { refund: order.amount, total: order.paid, currency: CURRENCY },
  };
}

/** 申请退款. Idempotent by refund number. */
export async function refund(
  { client, notifyUrl, warn }: WechatPayContext,
  order: RefundOrder,
): Promise<Outcome<RefundState, 'rejected'>> {
  const operation = 'refund';
  const path = '/v3/refund/domestic/refunds';
  const body = refundBody(order, notifyUrl);
  const result = await client.call({ operation, method: 'POST', path, body }, refundAnswer);
  if (result.outcome === 'unknown') return result;
  if (result.outcome === 'refused') {
    return result.code === 'NOT_ENOUGH'
      ? { outcome: 'done', value: 'notEnoughBalance' }
      : toRefusedOutcome(result, {});
  }
  return matchesOrder(result.data, order)
    ? { outcome: 'done', value: refundStates[result.data.status] }
    : { outcome: 'unknown', message: reportMismatch(warn, operation, OTHER_REFUND) };
}

/** 查询单笔退款. @throws PlatformUnavailable */
export async function queryRefund(
  { client, warn }: WechatPayContext,
  number: string,
): Promise<RefundState> {
  const operation = 'queryRefund';
  const path = `/v3/refund/domestic/refunds/${encodeURIComponent(number)}`;
  const result = await client.query({ operation, method: 'GET', path }, refundAnswer);
  if (result.outcome === 'done') {
    if (result.data.out_refund_no === number) return refundStates[result.data.status];
    throw new PlatformUnavailable(reportMismatch(warn, operation, OTHER_REFUND));
  }
  if (result.code === 'RESOURCE_NOT_EXISTS') return 'absent';
  throw queryRefused(operation, result);
}
