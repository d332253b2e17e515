import { z } from 'zod';
import { PlatformUnavailable } from '../ports';
import type { PaymentGateway, RefundOrder, RefundState } from '../ports';
import { formatMessage } from './client';
import type { Warn, WechatPayClient } from './client';
import { toRefusedOutcome } from './payments';
import { truncateToBytes } from './truncate';
import { CURRENCY, amount, orderNumber, transactionId } from './trades';

type Refunds = Pick<PaymentGateway, 'refund' | 'queryRefund'>;

export const refundNumber = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/);

/** 申请退款: at most 80 characters; counted in bytes, it fits either way of counting. */
const REASON_BYTES = 80;

const refundStates = {
  PROCESSING: 'processing',
  SUCCESS: 'done',
  // Neither gave the money back: it is the merchant's again, or lies with WeChat Pay until a person acts.
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
    // One order number can have been paid twice: the transaction's number says which payment goes back.
    transaction_id: order.transactionId,
    out_refund_no: order.refundNumber,
    ...(reason !== '' && { reason }),
    notify_url: notifyUrl,
    amount: { refund: order.amount, total: order.paid, currency: CURRENCY },
  };
}

/** Refunds of WeChat Pay: 申请退款, 查询单笔退款. */
export function createRefunds(parts: {
  client: WechatPayClient;
  /** Where WeChat Pay sends its notifications: https, without parameters. */
  notifyUrl: string;
  warn: Warn;
}): Refunds {
  const { client, notifyUrl, warn } = parts;

  function reportMismatch(operation: string): string {
    const problem = 'answered about another refund';
    warn('answer about something else', { operation, problem });
    return formatMessage(operation, problem);
  }

  return {
    async refund(order) {
      const operation = 'refund';
      const path = '/v3/refund/domestic/refunds';
      const body = refundBody(order, notifyUrl);
      const result = await client.call({ operation, method: 'POST', path, body }, refundAnswer);
      if (result.outcome === 'unknown') return result;
      if (result.outcome === 'refused') {
        return result.code === 'NOT_ENOUGH'
          ? { outcome: 'done', value: 'notEnoughBalance' }
          : toRefusedOutcome(result, {}, 'rejected');
      }
      return matchesOrder(result.data, order)
        ? { outcome: 'done', value: refundStates[result.data.status] }
        : { outcome: 'unknown', message: reportMismatch(operation) };
    },

    async queryRefund(number) {
      const operation = 'queryRefund';
      const path = `/v3/refund/domestic/refunds/${encodeURIComponent(number)}`;
      const result = await client.query({ operation, method: 'GET', path }, refundAnswer);
      if (result.outcome === 'done') {
        if (result.data.out_refund_no === number) return refundStates[result.data.status];
        throw new PlatformUnavailable(reportMismatch(operation));
      }
      if (result.code === 'RESOURCE_NOT_EXISTS') return 'absent';
      const problem = `refused with ${result.code}`;
      throw new PlatformUnavailable(formatMessage(operation, problem));
    },
  };
}
