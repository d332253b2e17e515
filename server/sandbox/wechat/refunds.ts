import type { Notify } from '../shingsou/knock';
import { refuse, type Refusal } from '../shingsou/reply';
import type { PlatformOrder, Refund } from '../state';
import type { World } from '../world';
import { takenFen } from './orders';

/** How long WeChat takes to pay back into the balance, in sandbox time. */
const REFUND_TAKES_MS = 2000;

interface RefundRequest {
  outRefundNo: string;
  totalFen: number;
  refundFen: number;
}

/** What was paid back for an order so far, in fen; `asked` counts what is still under way, too. */
export function refundedFen(world: World, outTradeNo: string, which: 'asked' | 'done'): number {
  return world.refundsByOrder
    .of(outTradeNo)
    .filter(({ status }) => which === 'asked' || status === 'SUCCESS')
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
}

function refusalOf(world: World, order: PlatformOrder, asked: RefundRequest): Refusal | undefined {
  if (order.payState !== 'paid') return refuse('INVALID_REQUEST', '订单未支付，不能退款');
  if (asked.totalFen !== takenFen(order)) {
    return refuse('INVALID_REQUEST', '订单金额与支付金额不一致');
  }
  if (asked.refundFen < 1) return refuse('INVALID_REQUEST', '退款金额须大于 0');
  const already = refundedFen(world, order.outTradeNo, 'asked');
  if (already + asked.refundFen > takenFen(order)) {
    return refuse('INVALID_REQUEST', '累计退款金额超过支付金额');
  }
  if (world.state.faults.refundRefused) return refuse('INVALID_REQUEST', '退款请求受阻');
  return world.state.faults.refundNotEnough
    ? refuse('NOTENOUGH', '基本账户余额不足，请充值后重新发起')
    : undefined;
}

/** 申请退款: the same refund number pays back once, whatever is repeated. */
export function askRefund(
  world: World,
  order: PlatformOrder,
  asked: RefundRequest,
): Refund | Refusal {
  const known = world.refunds.find(asked.outRefundNo);
  if (known) {
    const same = known.outTradeNo === order.outTradeNo && known.amountFen === asked.refundFen;
    return same ? known : refuse('INVALID_REQUEST', '退款单号已用于其他退款');
  }
  const refusal = refusalOf(world, order, asked);
  if (refusal) return refusal;
  const now = world.now();
  const refund: Refund = {
    outRefundNo: asked.outRefundNo,
    outTradeNo: order.outTradeNo,
    amountFen: asked.refundFen,
    status: 'PROCESSING',
    createdAt: now,
  };
  world.refunds.add(refund);
  world.schedule({
    kind: 'refundEnds',
    at: now + REFUND_TAKES_MS,
    outRefundNo: refund.outRefundNo,
  });
  return refund;
}

/** The money is back, and the merchant is told; or it cannot get there, which only a query shows. */
export function endRefund(world: World, notify: Notify, outRefundNo: string, at: number): void {
  const refund = world.refunds.find(outRefundNo);
  const order = refund && world.orders.find(refund.outTradeNo);
  if (!order || refund.status !== 'PROCESSING') return;
  if (world.state.faults.refundAbnormal) {
    refund.status = 'ABNORMAL';
    return;
  }
  refund.status = 'SUCCESS';
  notify(order, 'refunded', at);
}
