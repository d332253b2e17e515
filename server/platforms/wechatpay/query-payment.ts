import { PlatformUnavailable } from '../ports';
import type { Payment, PaymentState } from '../ports';
import type { WechatPayContext } from './context';
import type { RefusalCode } from './error-codes';
import { queryRefused, reportMismatch } from './refused-outcome';
import type { ApiRequest } from './build-request';
import { readPayment, trade } from './trades';
import type { Trade } from './trades';

type IdentifiedPayment = { orderNumber: string } & Payment;

const absentCodes: readonly RefusalCode[] = ['ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS'];

/** @throws PlatformUnavailable unless the trade is ours */
async function findTrade(
  { client, account, warn }: WechatPayContext,
  request: ApiRequest,
): Promise<Trade | undefined> {
  const { operation } = request;
  const result = await client.query(request, trade);
  if (result.outcome === 'refused') {
    if (absentCodes.includes(result.code)) return undefined;
    throw queryRefused(operation, result);
  }
  const { appid, mchid } = result.data;
  if (appid === account.appId && mchid === account.mchId) return result.data;
  const problem = 'answered about another merchant or mini-program';
  throw new PlatformUnavailable(reportMismatch(warn, operation, problem));
}

/** @throws PlatformUnavailable if a paid trade lacks a valid amount, transaction id or time */
function paymentOf(
  { warn }: WechatPayContext,
  operation: string,
  paidTrade: Trade,
): IdentifiedPayment {
  const payment = readPayment(paidTrade);
  if (payment !== undefined) return payment;
  const problem = 'a paid trade without a valid amount, transaction id or time';
  throw new PlatformUnavailable(reportMismatch(warn, operation, problem));
}

function readState(context: WechatPayContext, operation: string, found: Trade): PaymentState {
  switch (found.trade_state) {
    case 'NOTPAY':
      return { state: 'unpaid' };
    case 'CLOSED':
      return { state: 'closed' };
    case 'SUCCESS':
    case 'REFUND': {
      const { orderNumber: _, ...payment } = paymentOf(context, operation, found);
      return { state: found.trade_state === 'SUCCESS' ? 'paid' : 'refunded', ...payment };
    }
  }
}

/** 查询订单, by our order number. @throws PlatformUnavailable */
export async function queryPayment(
  context: WechatPayContext,
  orderNumber: string,
): Promise<PaymentState> {
  const operation = 'query';
  const found = await findTrade(context, {
    operation,
    method: 'GET',
    path: `/v3/pay/transactions/out-trade-no/${encodeURIComponent(orderNumber)}`,
    query: { mchid: context.account.mchId },
  });
  if (found === undefined) return { state: 'absent' };
  if (found.out_trade_no === orderNumber) return readState(context, operation, found);
  const problem = 'answered about another order';
  throw new PlatformUnavailable(reportMismatch(context.warn, operation, problem));
}

/** 查询订单, by WeChat Pay's transaction id; undefined if there is none. @throws PlatformUnavailable */
export async function queryTransaction(
  context: WechatPayContext,
  transactionId: string,
): Promise<IdentifiedPayment | undefined> {
  const operation = 'queryTransaction';
  const found = await findTrade(context, {
    operation,
    method: 'GET',
    path: `/v3/pay/transactions/id/${encodeURIComponent(transactionId)}`,
    query: { mchid: context.account.mchId },
  });
  if (found === undefined) return undefined;
  const payment = paymentOf(context, operation, found);
  if (payment.transactionId === transactionId) return payment;
  const problem = 'answered about another transaction';
  throw new PlatformUnavailable(reportMismatch(context.warn, operation, problem));
}
