import { raiseAlert } from '../alerts/alert-queries';
import type { OrderContext } from '../orders/order-context';
import type { CardPlatform } from '../platforms/ports';
import type { OrderRow } from '../store/schema';

/**
 * Runs `work` with the card platform of an order.
 * @returns what `work` returns; the unchanged order if the platform is not configured any more, in which
 * case a person is called
 */
export async function withPlatform(
  { platforms, store, clock }: OrderContext,
  order: OrderRow,
  work: (platform: CardPlatform) => Promise<OrderRow>,
): Promise<OrderRow> {
  const platform = platforms.find(order.platform);
  if (platform) return work(platform);
  await raiseAlert(store, {
    kind: 'platformMissing',
    subject: order.id,
    detail: order.platform,
    now: clock(),
  });
  return order;
}
