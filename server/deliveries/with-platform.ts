import { raiseAlert } from '../alerts/alert-queries';
import type { OrderContext } from '../orders/order-context';
import type { CardPlatform } from '../platforms/ports';
import type { OrderRow } from '../store/schema';

/**
 * Does something with the platform an order's card lives on. Where that is not configured any more
 * nothing can be done, and a person is called.
 */
export async function withPlatform(
  { platforms, store, clock }: OrderContext,
  order: OrderRow,
  work: (platform: CardPlatform) => Promise<OrderRow>,
): Promise<OrderRow> {
  const platform = platforms.find(order.platform);
  if (platform) return work(platform);
  const alert = { kind: 'platformMissing', subject: order.id, detail: order.platform } as const;
  await raiseAlert(store, { ...alert, now: clock() });
  return order;
}
