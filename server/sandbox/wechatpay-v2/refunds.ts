import type { Notify } from '../shingsou/unsigned-notification';
import { errorReply, type ErrorReply } from '../shingsou/reply';
import type { PlatformOrder, Refund } from '../state';
import type { Simulator } from '../simulator';
import { paidAmountFen } from './orders';

/** How long a refund to the balance takes, in sandbox time. */
const REFUND_DURATION_MS = 2000;

interface RefundRequest {
  outRefundNo: string;
  totalFen: number;
  refundFen: number;
}

/** The refunds of an order so far, in fen; `asked` includes pending ones. */
export function refundedFen(
  simulator: Simulator,
  outTradeNo: string,
  which: 'asked' | 'done',
): number {
  return simulator.refundsByOrder
    .get(outTradeNo)
    .filter(({ status }) => (which === 'asked' ? status !== 'CLOSED' : status === 'SUCCESS'))
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
}

function refundError(
  simulator: Simulator,
  order: PlatformOrder,
  request: RefundRequest,
): ErrorReply | undefined {
  if (order.payState !== 'paid') return errorReply('INVALID_REQUEST', '订单未支付，不能退款');
  if (request.totalFen !== paidAmountFen(order)) {
    return errorReply('INVALID_REQUEST', '订单金额与支付金额不一致');
  }
  if (request.refundFen < 1) return errorReply('INVALID_REQUEST', '退款金额须大于 0');
  const refundedSoFar = refundedFen(simulator, order.outTradeNo, 'asked');
  if (refundedSoFar + request.refundFen > paidAmountFen(order)) {
    return errorReply('INVALID_REQUEST', '累计退款金额超过支付金额');
  }
  if (simulator.state.faults.refundRefused) return errorReply('INVALID_REQUEST', '退款请求受阻');
  return simulator.state.faults.refundNotEnough
    ? errorReply('NOTENOUGH', '基本账户余额不足，请充值后重新发起')
    : undefined;
}

/** 申请退款: idempotent by the refund number. */
export function requestRefund(
  simulator: Simulator,
  order: PlatformOrder,
  request: RefundRequest,
): Refund | ErrorReply {
  const known = simulator.refunds.find(request.outRefundNo);
  if (known) {
    const isSame = known.outTradeNo === order.outTradeNo && known.amountFen === request.refundFen;
    return isSame ? known : errorReply('INVALID_REQUEST', '退款单号已用于其他退款');
  }
  const error = refundError(simulator, order, request);
  if (error) return error;
  const now = simulator.now();
  const refund: Refund = {
    outRefundNo: request.outRefundNo,
    outTradeNo: order.outTradeNo,
    amountFen: request.refundFen,
    status: 'PROCESSING',
    createdAt: now,
  };
  simulator.refunds.add(refund);
  simulator.schedule({
    kind: 'refundEnds',
    at: now + REFUND_DURATION_MS,
    outRefundNo: refund.outRefundNo,
  });
  return refund;
}

/** Completes a refund and notifies the merchant. One that is abnormal or closed is only visible in queries. */
export function completeRefund(
  simulator: Simulator,
  notify: Notify,
  outRefundNo: string,
  at: number,
): void {
  const refund = simulator.refunds.find(outRefundNo);
  const order = refund && simulator.orders.find(refund.outTradeNo);
  if (!order || refund.status !== 'PROCESSING') return;
  const { refundAbnormal, refundClosed } = simulator.state.faults;
  if (refundClosed || refundAbnormal) {
    refund.status = refundClosed ? 'CLOSED' : 'ABNORMAL';
    return;
  }
  refund.status = 'SUCCESS';
  notify(order, 'refunded', at);
}
