import { refundedFen } from './wechat/refunds';
import type { PlatformOrder } from './state';
import type { World } from './world';

function paymentOf(world: World, order: PlatformOrder) {
  const refunded = refundedFen(world, order.outTradeNo, 'done');
  const whole = refunded >= order.amountFen ? 'refunded' : 'partlyRefunded';
  return {
    orderNumber: order.outTradeNo,
    amountFen: order.amountFen,
    state: refunded === 0 ? 'paid' : whole,
    refundedFen: refunded,
  };
}

/** What the channel took and gave back, and what the platform delivered. */
export function readLedger(world: World) {
  return {
    payments: world.orders.all
      .filter(({ payState }) => payState === 'paid')
      .map((order) => paymentOf(world, order)),
    deliveries: world.state.deliveries.map(({ outTradeNo, iccid, productId, at }) => ({
      platform: 'shingsou',
      cardNumber: iccid,
      packageId: productId,
      at: new Date(at).toISOString(),
      orderNumber: outTradeNo,
    })),
  };
}
