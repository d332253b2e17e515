import { z } from 'zod';
import { beijingDate, beijingDateTime, parseBeijing } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { derive, type Simulator } from '../simulator';
import { readable, yuan } from './fields';
import { merchantOperations } from './merchants';
import type { GatewayRefund, GatewayTrade } from './back-office-state';
import { defineOperation, pageOf, pageRequest, type GatewayOperation } from './operation';
import { arrivedAt, findPayout, makePayout } from './payouts';
import { errorReply, type Reply } from './reply';
import { findTrade } from './trades';

const yuanOf = (amountFen: number) => formatYuan(fen(amountFen));

/** 单笔转账: at least 0.1 yuan (alipay.fund.trans.toaccount.transfer). */
const MIN_TRANSFER_FEN = 10;

/** A day's bill is available on the next day. */
const DAY_MS = 24 * 60 * 60_000;

/** Payees are identified by phone number or mail address, or by a user id that starts with 2088. */
const payees = {
  ALIPAY_LOGONID: /^(?:1\d{10}|[^@\s]+@[^@\s]+)$/,
  ALIPAY_USERID: /^2088\d{12}$/,
} as const;

const transferRequest = {
  merchantId: z.string().optional(),
  outBizNo: z.string().min(1).max(64),
  payeeType: z.enum(['ALIPAY_LOGONID', 'ALIPAY_USERID']),
  payeeAccount: z.string().min(1).max(100),
  payeeRealName: z.string().max(100).optional(),
  amount: yuan,
  remark: z.string().max(200).optional(),
};
type TransferRequest = z.output<z.ZodObject<typeof transferRequest>>;

function transfer(simulator: Simulator, request: TransferRequest): Reply {
  if (request.amount < MIN_TRANSFER_FEN)
    return errorReply('UnprocessableEntity', '转账金额不能小于 0.1 元');
  if (!payees[request.payeeType].test(request.payeeAccount)) {
    return errorReply('PAYEE_NOT_EXIST', '收款账号不存在');
  }
  const paid = makePayout(simulator, {
    kind: 'alipay',
    number: request.outBizNo,
    amountFen: request.amount,
    openId: null,
    content: derive(simulator.state.seed, `payee ${request.payeeAccount}`),
  });
  if (paid === 'changed') return errorReply('UnprocessableEntity', '转账单号已用于其他转账');
  const { number: outBizNo, paymentNo: orderId, createdAt } = paid;
  return { data: { outBizNo, orderId, payDate: beijingDateTime(createdAt) } };
}

function queryTransfer(simulator: Simulator, outBizNo: string): Reply {
  const paid = findPayout(simulator, 'alipay', outBizNo);
  if (!paid) return errorReply('ORDER_NOT_EXIST', '转账订单不存在');
  const at = arrivedAt(simulator, paid);
  return {
    data: {
      outBizNo,
      orderId: paid.paymentNo,
      status: at === null ? 'DEALING' : 'SUCCESS',
      amount: yuanOf(paid.amountFen),
      payDate: at === null ? null : beijingDateTime(at),
      failReason: null,
    },
  };
}

interface BillEntry {
  at: number;
  trade: GatewayTrade;
  refund: GatewayRefund | null;
}

function entriesOf(simulator: Simulator): BillEntry[] {
  const { trades, tradeRefunds } = simulator.state.shingsou;
  const payments = trades.flatMap((trade): BillEntry[] =>
    trade.channel === 'alipay' && trade.paidAt !== null
      ? [{ at: trade.paidAt, trade, refund: null }]
      : [],
  );
  const refunds = tradeRefunds.flatMap((refund): BillEntry[] => {
    const trade = findTrade(simulator, refund.channel, refund.outTradeNo);
    return trade?.channel === 'alipay' ? [{ at: refund.createdAt, trade, refund }] : [];
  });
  return [...payments, ...refunds].sort((one, other) => one.at - other.at);
}

const billItem = ({ at, trade, refund }: BillEntry) => ({
  businessType: refund ? 'REFUND' : 'TRADE',
  tradeNo: trade.tradeNo ?? '',
  outTradeNo: trade.outTradeNo,
  totalAmount: yuanOf(trade.amountFen),
  outRequestNo: refund?.refundNo ?? null,
  refundAmount: yuanOf(refund?.amountFen ?? 0),
  time: beijingDateTime(at),
});

function listBill(
  simulator: Simulator,
  start: number,
  page: { pageIndex: number; pageSize: number },
): Reply {
  if (simulator.now() < start + DAY_MS) return errorReply('BILL_NOT_EXIST', '账单不存在：次日生成');
  const day = beijingDate(start);
  const ofDay = entriesOf(simulator).filter(({ at }) => beijingDate(at) === day);
  const { total, items } = pageOf(ofDay, page);
  return { data: { total, items: items.map(billItem) } };
}

/** 支付网关v2: transfers, bills and merchant accounts of Alipay. */
export function alipayAccounts(simulator: Simulator): GatewayOperation[] {
  const merchantId = z.string().optional();
  const area = '/payment/v2/Alipay';
  return [
    ...merchantOperations(simulator, 'alipay'),
    defineOperation({
      method: 'post',
      path: `${area}/Transfer`,
      permission: 'iot.payment.alipay.transfer',
      request: transferRequest,
      handler: (request) => transfer(simulator, request),
    }),
    defineOperation({
      method: 'get',
      path: `${area}/TransferQuery`,
      permission: 'iot.payment.alipay.transferquery',
      request: { merchantId, outBizNo: z.string().min(1) },
      handler: ({ outBizNo }) => queryTransfer(simulator, outBizNo),
    }),
    defineOperation({
      method: 'get',
      path: `${area}/BillDownload`,
      permission: 'iot.payment.alipay.billdownload',
      request: {
        merchantId,
        billDate: readable(/^\d{4}-\d{2}-\d{2}$/, parseBeijing),
        ...pageRequest,
      },
      handler: ({ billDate, ...page }) => listBill(simulator, billDate, page),
    }),
  ];
}
