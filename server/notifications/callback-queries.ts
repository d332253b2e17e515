import type { Store } from '../store/store';

/** The order whose package was ordered under the platform's own reference. */
export async function findOrderIdByDelivery(
  store: Store,
  platform: string,
  reference: string,
): Promise<string | undefined> {
  const delivery = await store
    .selectFrom('deliveries')
    .select('order_id')
    .where('platform', '=', platform)
    .where('reference', '=', reference)
    .executeTakeFirst();
  return delivery?.order_id;
}

/** The card that a platform knows under a reference. */
export async function findCardIdByRef(
  store: Store,
  platform: string,
  ref: string,
): Promise<string | undefined> {
  const card = await store
    .selectFrom('cards')
    .select('id')
    .where('platform', '=', platform)
    .where('ref', '=', ref)
    .executeTakeFirst();
  return card?.id;
}
