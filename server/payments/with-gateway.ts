import { raiseAlert } from '../alerts/alert-queries';
import type { OrderContext } from '../orders/order-context';
import type { PaymentGateway } from '../platforms/ports';
import type { OrderRow } from '../store/schema';

/**
 * Runs `work` with the payment channel of an order.
 * @returns what `work` returns; the unchanged order if the channel is not configured any more, in which
 * case a person is called
 */
export async function withGateway(
  { gateways, store, clock }: OrderContext,
  order: OrderRow,
  work: (gateway: PaymentGateway) => Promise<OrderRow>,
): Promise<OrderRow> {
  const gateway = gateways.find(order.channel);
  if (gateway) return work(gateway);
  await raiseAlert(store, {
    kind: 'channelMissing',
    subject: order.id,
    detail: order.channel,
    now: clock(),
  });
  return order;
}
