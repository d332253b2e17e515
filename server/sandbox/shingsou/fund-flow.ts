import { z } from 'zod';
import { beijingDate, beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { paidAmountFen } from '../wechatpay-v2/orders';
import { BILL_MADE_AFTER_MS } from '../wechatpay/bill';
import type { Simulator } from '../simulator';
import { billDate } from './fields';
import { defineOperation, pageOf, pageRequest, type GatewayOperation } from './operation';
import { errorReply, type Reply } from './reply';
import { findTrade } from './trades';

interface Flow {
  at: number;
  transactionId: string;
  outTradeNo: string;
  businessType: '交易' | '退款' | '企业付款';
  amountFen: number;
}

const directions = { 交易: '收入', 退款: '支出', 企业付款: '支出' } as const;

/** The flows of package orders. */
function orderFlows(simulator: Simulator): Flow[] {
  const paid = simulator.orders.all.flatMap((order): Flow[] => {
    const { transactionId, outTradeNo, paidAt } = order;
    if (transactionId === null || paidAt === null) return [];
    const amountFen = paidAmountFen(order);
    return [{ at: paidAt, transactionId, outTradeNo, businessType: '交易', amountFen }];
  });
  const returned = simulator.refunds.all.map(({ outTradeNo, amountFen, createdAt }): Flow => {
    const transactionId = simulator.orders.find(outTradeNo)?.transactionId ?? '';
    return { at: createdAt, transactionId, outTradeNo, businessType: '退款', amountFen };
  });
  return [...paid, ...returned];
}

/** The flows of other payments. */
function tradeFlows(simulator: Simulator): Flow[] {
  const { trades, tradeRefunds } = simulator.state.shingsou;
  const paid = trades.flatMap(({ channel, tradeNo, paidAt, outTradeNo, amountFen }): Flow[] =>
    channel !== 'wechatpay' || tradeNo === null || paidAt === null
      ? []
      : [{ at: paidAt, transactionId: tradeNo, outTradeNo, businessType: '交易', amountFen }],
  );
  const returned = tradeRefunds
    .filter(({ channel }) => channel === 'wechatpay')
    .map(({ outTradeNo, amountFen, createdAt }): Flow => {
      const transactionId = findTrade(simulator, 'wechatpay', outTradeNo)?.tradeNo ?? '';
      return { at: createdAt, transactionId, outTradeNo, businessType: '退款', amountFen };
    });
  return [...paid, ...returned];
}

function payoutFlows(simulator: Simulator): Flow[] {
  return simulator.state.shingsou.payouts
    .filter(({ kind }) => kind !== 'alipay')
    .map(({ paymentNo, number, amountFen, createdAt }) => ({
      at: createdAt,
      transactionId: paymentNo,
      outTradeNo: number,
      businessType: '企业付款',
      amountFen,
    }));
}

const describeFlow = ({ at, transactionId, outTradeNo, businessType, amountFen }: Flow) => ({
  time: beijingDateTime(at),
  transactionId,
  outTradeNo,
  businessType,
  flow: directions[businessType],
  amount: formatYuan(fen(amountFen)),
});

interface FundFlowRequest {
  billDate: number;
  accountType: 'Basic' | 'Operation' | 'Fees';
  pageIndex: number;
  pageSize: number;
}

function listFundFlow(simulator: Simulator, request: FundFlowRequest): Reply {
  if (simulator.now() < request.billDate + BILL_MADE_AFTER_MS) {
    return errorReply('NO_STATEMENT_EXIST', '账单文件不存在：次日 10 点后生成');
  }
  const day = beijingDate(request.billDate);
  // Only the basic account has flows here.
  const all =
    request.accountType === 'Basic'
      ? [...orderFlows(simulator), ...tradeFlows(simulator), ...payoutFlows(simulator)]
      : [];
  const ofDay = all
    .filter(({ at }) => beijingDate(at) === day)
    .sort((one, other) => one.at - other.at);
  const { total, items } = pageOf(ofDay, request);
  return { data: { total, items: items.map(describeFlow) } };
}

/** WechatPay-FundFlowDownload: a day's flows on the merchant's account. The fields are our assumption. */
export function fundFlowOperation(simulator: Simulator): GatewayOperation {
  return defineOperation({
    method: 'get',
    path: '/payment/v2/WechatPay/FundFlowDownload',
    permission: 'iot.payment.wechatpay.fundflowdownload',
    request: { billDate, accountType: z.enum(['Basic', 'Operation', 'Fees']), ...pageRequest },
    handler: (request) => listFundFlow(simulator, request),
  });
}
