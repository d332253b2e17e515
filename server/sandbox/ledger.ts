import { listDakashiDeliveries } from './dakashi/listing';
import { paidAmountFen } from './wechatpay-v2/orders';
import { refundedFen } from './wechatpay-v2/refunds';
import { tradeRefundedFen } from './wechatpay/refunds';
import type { PlatformOrder, Refund, SandboxState, TradeRefund, Transaction } from './state';
import type { Simulator } from './simulator';

type Delivery = SandboxState['deliveries'][number];

interface LedgerPayment {
  orderNumber: string;
  channel: 'shingsou' | 'wechatpay';
  transactionId: string;
  openid: string | null;
  amountFen: number;
  refundedFen: number;
  refunds: { number: string; amountFen: number; state: string }[];
  paidAt: number;
}

function describePayment({ paidAt, ...payment }: LedgerPayment) {
  const refundState = payment.refundedFen >= payment.amountFen ? 'refunded' : 'partlyRefunded';
  return {
    ...payment,
    state: payment.refundedFen === 0 ? 'paid' : refundState,
    paidAt: new Date(paidAt).toISOString(),
  };
}

const describeRefund = ({ outRefundNo, amountFen, status }: Refund | TradeRefund) => ({
  number: outRefundNo,
  amountFen,
  state: status,
});

/** The payments of an order through 旭宇's channel; none if it is unpaid or was paid from the balance. */
function shingsouPayments(simulator: Simulator, order: PlatformOrder): LedgerPayment[] {
  const { outTradeNo, transactionId, paidAt } = order;
  if (transactionId === null) return [];
  return [
    {
      orderNumber: outTradeNo,
      channel: 'shingsou',
      transactionId,
      openid: order.wechat?.openId ?? null,
      amountFen: paidAmountFen(order),
      refundedFen: refundedFen(simulator, outTradeNo, 'done'),
      refunds: simulator.refundsByOrder.get(outTradeNo).map(describeRefund),
      paidAt: paidAt ?? order.createdAt,
    },
  ];
}

const wechatPayment = (simulator: Simulator, transaction: Transaction): LedgerPayment => ({
  orderNumber: transaction.outTradeNo,
  channel: 'wechatpay',
  transactionId: transaction.transactionId,
  openid: transaction.openId,
  amountFen: transaction.amountFen,
  refundedFen: tradeRefundedFen(simulator, transaction.transactionId, 'done'),
  refunds: simulator.tradeRefundsByTransaction.get(transaction.transactionId).map(describeRefund),
  paidAt: transaction.paidAt,
});

const describeDelivery = ({ outTradeNo, iccid, productId, at }: Delivery) => ({
  platform: 'shingsou',
  cardNumber: iccid,
  packageId: productId,
  at: new Date(at).toISOString(),
  orderNumber: outTradeNo,
});

/** The ledger: every payment with its refunds, and every delivery. */
export function readLedger(simulator: Simulator) {
  const payments = [
    ...simulator.orders.all.flatMap((order) => shingsouPayments(simulator, order)),
    ...simulator.transactions.all.map((transaction) => wechatPayment(simulator, transaction)),
  ];
  return {
    payments: payments.map(describePayment),
    deliveries: [
      ...simulator.state.deliveries.map(describeDelivery),
      ...listDakashiDeliveries(simulator.state),
    ],
  };
}
