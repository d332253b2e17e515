import type { PackagePriceRow } from '../store/schema';
import type { Store } from '../store/store';

/** A package, as its platform sold it to the shop when it was last seen. */
export type SeenPackage = Pick<
  PackagePriceRow,
  'platform' | 'package_id' | 'name' | 'cost_fen' | 'seen_at'
>;

/** Far below the maximum number of parameters of a statement. */
const BATCH_SIZE = 500;

/** The stored prices of some packages of a platform. */
export function findPrices(
  store: Store,
  platform: string,
  packageIds: readonly string[],
): Promise<PackagePriceRow[]> {
  if (packageIds.length === 0) return Promise.resolve([]);
  return store
    .selectFrom('package_prices')
    .selectAll()
    .where('platform', '=', platform)
    .where('package_id', 'in', packageIds)
    .execute();
}

export function findPrice(
  store: Store,
  platform: string,
  packageId: string,
): Promise<PackagePriceRow | undefined> {
  return store
    .selectFrom('package_prices')
    .selectAll()
    .where('platform', '=', platform)
    .where('package_id', '=', packageId)
    .executeTakeFirst();
}

export function listPrices(store: Store): Promise<PackagePriceRow[]> {
  return store
    .selectFrom('package_prices')
    .selectAll()
    .orderBy('platform')
    .orderBy('package_id')
    .execute();
}

/** Stores the current name and cost of packages; their prices do not change. */
export async function recordSeenPackages(
  store: Store,
  packages: readonly SeenPackage[],
): Promise<void> {
  if (packages.length === 0) return;
  await store
    .insertInto('package_prices')
    .values(
      packages
        .slice(0, BATCH_SIZE)
        .map((seen) => ({ ...seen, price_fen: null, priced_at: null, staff_id: null })),
    )
    .onConflict((conflict) =>
      conflict.columns(['platform', 'package_id']).doUpdateSet((eb) => ({
        name: eb.ref('excluded.name'),
        cost_fen: eb.ref('excluded.cost_fen'),
        seen_at: eb.ref('excluded.seen_at'),
      })),
    )
    .execute();
}

/**
 * Sets the price of a package, unless its cost has risen above the price in the meantime.
 * @returns the package; undefined if its cost is higher, or there is no such package
 */
export function setPrice(
  store: Store,
  { platform, package_id }: Pick<PackagePriceRow, 'platform' | 'package_id'>,
  price: Pick<PackagePriceRow, 'price_fen' | 'priced_at' | 'staff_id'>,
): Promise<PackagePriceRow | undefined> {
  const { price_fen } = price;
  return store
    .updateTable('package_prices')
    .set(price)
    .where('platform', '=', platform)
    .where('package_id', '=', package_id)
    .$if(price_fen !== null, (query) =>
      query.where((eb) => eb.or([eb('cost_fen', 'is', null), eb('cost_fen', '<=', price_fen)])),
    )
    .returningAll()
    .executeTakeFirst();
}
