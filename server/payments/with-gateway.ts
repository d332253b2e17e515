import { raiseAlert } from '../alerts/alert-queries';
import type { OrderContext } from '../orders/order-context';
import type { PaymentGateway } from '../platforms/ports';
import type { OrderRow } from '../store/schema';

/**
 * Does something with the payment channel an order was made through. Where that is not configured any
 * more nothing can be done, and a person is called.
 */
export async function withGateway(
  { gateways, store, clock }: OrderContext,
  order: OrderRow,
  work: (gateway: PaymentGateway) => Promise<OrderRow>,
): Promise<OrderRow> {
  const gateway = gateways.find(order.channel);
  if (gateway) return work(gateway);
  const alert = { kind: 'channelMissing', subject: order.id, detail: order.channel } as const;
  await raiseAlert(store, { ...alert, now: clock() });
  return order;
}
