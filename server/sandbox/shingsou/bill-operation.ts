import { beijingDate, beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { PlatformOrder, Refund } from '../state';
import { paidAmountFen } from '../wechatpay-v2/orders';
import type { Simulator } from '../simulator';
import { BILL_MADE_AFTER_MS } from '../wechatpay/bill';
import { billDate } from './fields';
import { defineOperation, pageOf, pageRequest, type GatewayOperation } from './operation';
import { errorReply, type Reply } from './reply';

const yuan = (amountFen: number) => formatYuan(fen(amountFen));

interface BillEntry {
  at: number;
  order: PlatformOrder;
  refund: Refund | null;
}

/** A day's payments and requested refunds, in order of time. */
function entriesOf(simulator: Simulator, day: string): BillEntry[] {
  const isOfDay = ({ at }: BillEntry) => beijingDate(at) === day;
  const payments = simulator.orders.all.flatMap((order): BillEntry[] =>
    order.transactionId === null ? [] : [{ at: order.paidAt ?? 0, order, refund: null }],
  );
  const refunds = simulator.refunds.all.flatMap((refund): BillEntry[] => {
    const order = simulator.orders.find(refund.outTradeNo);
    return order ? [{ at: refund.createdAt, order, refund }] : [];
  });
  return [...payments, ...refunds].filter(isOfDay).sort((one, other) => one.at - other.at);
}

const describeEntry = ({ at, order, refund }: BillEntry) => ({
  tradeState: refund ? 'REFUND' : 'SUCCESS',
  outTradeNo: order.outTradeNo,
  transactionId: order.transactionId ?? '',
  totalAmount: yuan(paidAmountFen(order)),
  outRefundNo: refund?.outRefundNo ?? null,
  refundAmount: yuan(refund?.amountFen ?? 0),
  time: beijingDateTime(at),
});

function listBill(
  simulator: Simulator,
  start: number,
  page: { pageIndex: number; pageSize: number },
): Reply {
  if (simulator.now() < start + BILL_MADE_AFTER_MS) {
    return errorReply('NO_STATEMENT_EXIST', '账单文件不存在：次日 10 点后生成');
  }
  const { total, items } = pageOf(entriesOf(simulator, beijingDate(start)), page);
  return { data: { total, items: items.map(describeEntry) } };
}

/** WechatPay-BillDownload: a day's payments through 旭宇 and their refunds. The fields are our assumption. */
export function billOperation(simulator: Simulator): GatewayOperation {
  return defineOperation({
    method: 'get',
    path: '/payment/v2/WechatPay/BillDownload',
    permission: 'iot.payment.wechatpay.billdownload',
    request: { billDate, ...pageRequest },
    handler: ({ billDate: start, ...page }) => listBill(simulator, start, page),
  });
}
