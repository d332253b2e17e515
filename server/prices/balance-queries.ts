import type { OrderState } from '@shared/order-state';
import type { StoreOrTx, Tx } from '../store/store';

/**
 * The states of orders whose cost may not have been deducted from the balance yet. During a delivery it
 * is unknown whether the platform has deducted it.
 */
const UNDEDUCTED_STATES: readonly OrderState[] = [
  'created',
  'awaitingPayment',
  'paid',
  'reviewing',
  'delivering',
  'deliveryUnknown',
];

/**
 * The costs, in fen, of orders that the balance fetched at `fetchedAt` (epoch ms) may still include:
 * orders that are not delivered, and those delivered since then.
 * @param openOrderKey the key of an order that is not counted
 */
export async function sumCommittedCosts(
  store: StoreOrTx,
  {
    platform,
    openOrderKey,
    fetchedAt,
  }: { platform: string; openOrderKey: string; fetchedAt: number },
): Promise<number> {
  const row = await store
    .selectFrom('orders')
    .select((eb) => eb.fn.sum<number | null>('cost_fen').as('total'))
    .where('platform', '=', platform)
    .where((eb) =>
      eb.or([
        eb('state', 'in', UNDEDUCTED_STATES),
        eb.and([eb('state', '=', 'delivered'), eb('state_since', '>=', fetchedAt)]),
      ]),
    )
    .where((eb) => eb.or([eb('open_key', 'is', null), eb('open_key', '!=', openOrderKey)]))
    .executeTakeFirstOrThrow();
  return row.total ?? 0;
}

/**
 * Lets one transaction at a time sell packages of a platform: others wait until it has ended, and then see
 * its order.
 * @param now epoch ms
 */
export async function lockSales(tx: Tx, platform: string, now: number): Promise<void> {
  await tx
    .insertInto('sale_locks')
    .values({ platform, locked_at: now })
    .onConflict((conflict) => conflict.column('platform').doUpdateSet({ locked_at: now }))
    .execute();
}
