import { fen } from '@shared/money';
import { z } from 'zod';
import { PlatformUnavailable } from '../ports';
import type {
  AbnormalRefundTarget,
  ChannelRefund,
  Outcome,
  RefundOrder,
  RefundState,
} from '../ports';
import { formatMessage } from './client';
import type { WechatPayContext } from './context';
import { encryptForPlatform } from './encrypt';
import { queryRefused, reportMismatch, toRefusedOutcome } from './refused-outcome';
import { CURRENCY, amount, orderNumber, transactionId } from './trades';
import { billableText } from './truncate';

export const refundNumber = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/);

/** 微信支付退款单号, as it may stand in a path. */
const refundId = z.string().regex(/^[0-9A-Za-z]{1,32}$/);

/** 申请退款: at most 80 characters. The page does not say what it counts, so bytes are safe. */
const REASON_BYTES = 80;

const refundStates = {
  PROCESSING: 'processing',
  SUCCESS: 'done',
  // Ended without a payment, for example after seven days without balance. A new refund number is needed.
  CLOSED: 'closed',
  // The bank card is cancelled or frozen: a person acts, under the same number (发起异常退款).
  ABNORMAL: 'abnormal',
} as const satisfies Record<string, RefundState>;

/** 申请退款, 查询单笔退款. */
const refundAnswer = z.object({
  refund_id: refundId.optional(),
  out_refund_no: refundNumber,
  out_trade_no: orderNumber,
  transaction_id: transactionId,
  status: z.enum(['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL']),
  amount: z.object({ total: amount, refund: amount, currency: z.literal(CURRENCY) }),
});
type RefundAnswer = z.output<typeof refundAnswer>;

const REFUNDS_PATH = '/v3/refund/domestic/refunds';

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
  const reason = billableText(order.reason, REASON_BYTES);
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
  const path = REFUNDS_PATH;
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

/** 查询单笔退款: undefined if there is no refund with this number. @throws PlatformUnavailable */
async function readRefund(
  { client, warn }: WechatPayContext,
  number: string,
): Promise<RefundAnswer | undefined> {
  const operation = 'queryRefund';
  const path = `${REFUNDS_PATH}/${encodeURIComponent(number)}`;
  const result = await client.query({ operation, method: 'GET', path }, refundAnswer);
  if (result.outcome === 'done') {
    if (result.data.out_refund_no === number) return result.data;
    throw new PlatformUnavailable(reportMismatch(warn, operation, OTHER_REFUND));
  }
  if (result.code === 'RESOURCE_NOT_EXISTS') return undefined;
  throw queryRefused(operation, result);
}

/** The state of a refund. @throws PlatformUnavailable */
export async function queryRefund(context: WechatPayContext, number: string): Promise<RefundState> {
  const answer = await readRefund(context, number);
  return answer ? refundStates[answer.status] : 'absent';
}

/** A refund with its order and amount, whoever requested it. @throws PlatformUnavailable */
export async function findRefund(
  context: WechatPayContext,
  number: string,
): Promise<ChannelRefund | undefined> {
  const answer = await readRefund(context, number);
  return (
    answer && {
      state: refundStates[answer.status],
      orderNumber: answer.out_trade_no,
      transactionId: answer.transaction_id,
      amount: fen(answer.amount.refund),
    }
  );
}

/**
 * 发起异常退款: pays an abnormal refund out to another bank card of the customer, or to the merchant's account.
 * Card number and name are encrypted for WeChat Pay (敏感信息加解密).
 * @throws PlatformUnavailable if the refund cannot be queried first, or there is no key to encrypt with
 */
export async function redirectAbnormalRefund(
  context: WechatPayContext,
  number: string,
  target: AbnormalRefundTarget,
): Promise<Outcome<null, 'rejected'>> {
  const { client, warn } = context;
  const operation = 'redirectAbnormalRefund';
  const known = await readRefund(context, number);
  if (known?.status !== 'ABNORMAL' || known.refund_id === undefined) {
    const message = formatMessage(operation, `the refund is ${known?.status ?? 'unknown'}`);
    return { outcome: 'refused', reason: 'rejected', message };
  }
  const path = `${REFUNDS_PATH}/${known.refund_id}/apply-abnormal-refund`;
  const { body, serial } = await abnormalRefundBody(context, number, target);
  const request = {
    operation,
    method: 'POST' as const,
    path,
    body,
    ...(serial !== undefined && { serial }),
  };
  const result = await client.call(request, refundAnswer);
  if (result.outcome === 'unknown') return result;
  if (result.outcome === 'refused') return toRefusedOutcome(result, {});
  return result.data.out_refund_no === number
    ? { outcome: 'done', value: null }
    : { outcome: 'unknown', message: reportMismatch(warn, operation, OTHER_REFUND) };
}

async function abnormalRefundBody(
  { client }: WechatPayContext,
  number: string,
  { bankCard }: AbnormalRefundTarget,
): Promise<{ body: object; serial?: string }> {
  if (!bankCard) return { body: { out_refund_no: number, type: 'MERCHANT_BANK_CARD' } };
  const key = await client.keys.encryptionKey();
  if (!key)
    throw new PlatformUnavailable(
      formatMessage('redirectAbnormalRefund', 'there is no key of WeChat Pay to encrypt with'),
    );
  return {
    serial: key.serial,
    body: {
      out_refund_no: number,
      type: 'USER_BANK_CARD',
      bank_type: bankCard.bankType,
      bank_account: encryptForPlatform(key.key, bankCard.bankAccount),
      real_name: encryptForPlatform(key.key, bankCard.realName),
    },
  };
}
