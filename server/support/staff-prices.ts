import type { ApiResponse } from '@shared/contract';
import { recordAudit } from '../accounts/audit-queries';
import { resolveAlertsOfKey } from '../alerts/alert-queries';
import type { CardView } from '../cards/card-view';
import { lookUpCardsForStaff } from '../cards/look-up-card';
import { readCatalogue } from '../catalogue/read-catalogue';
import type { Actor } from '../contract/caller';
import { ApiError } from '../lib/api-error';
import { rfc3339 } from '../lib/rfc3339';
import { belowCostAlertKey, isBelowCost } from '../prices/price-offers';
import { findPrice, listPrices, setPrice } from '../prices/price-queries';
import type { PackagePriceRow } from '../store/schema';
import type { StoreAndClock, SupportContext } from './support-context';

type PriceList = ApiResponse<'GET /support/prices'>;
type Price = PriceList['items'][number];

const MAX_AUDITED_QUERY_LENGTH = 64;

function presentPrice(row: PackagePriceRow): Price {
  return {
    platform: row.platform,
    packageId: row.package_id,
    name: row.name,
    costFen: row.cost_fen,
    priceFen: row.price_fen,
    onSale: row.price_fen !== null && !isBelowCost(row.price_fen, row.cost_fen),
    seenAt: rfc3339(row.seen_at),
    pricedAt: row.priced_at === null ? null : rfc3339(row.priced_at),
  };
}

/** Reads the packages on sale for a card. @returns those that are not offered */
async function readOmitted(context: SupportContext, card: CardView): Promise<PriceList['omitted']> {
  const { omitted } = await readCatalogue(context, card);
  return omitted.map(({ id, name, reason }) => ({
    platform: card.platform,
    packageId: id,
    name,
    reason,
  }));
}

/**
 * Lists the packages that the shop sets a price for.
 * @param cardNumber the packages on sale for this card are added to the list first, since a platform lists
 *   what it sells for one card only
 * @throws ApiError `card.*`, `platform.*` if a card number is given
 */
export async function listPricesForStaff(
  context: SupportContext,
  actor: Actor,
  cardNumber: string | undefined,
): Promise<PriceList> {
  const omitted: PriceList['omitted'] = [];
  if (cardNumber !== undefined) {
    const subject = cardNumber.slice(0, MAX_AUDITED_QUERY_LENGTH);
    await recordAudit(context, actor, { action: 'prices.lookUp', subject });
    const { views } = await lookUpCardsForStaff(context, cardNumber);
    for (const view of views) omitted.push(...(await readOmitted(context, view)));
  }
  return { items: (await listPrices(context.store)).map(presentPrice), omitted };
}

/**
 * Sets the price of a package.
 * @param priceFen null: no longer on sale
 * @throws ApiError `price.package_unknown`, `price.below_cost`
 */
export async function setPriceByStaff(
  context: StoreAndClock,
  actor: Actor,
  { platform, packageId }: { platform: string; packageId: string },
  priceFen: number | null,
): Promise<Price> {
  const { store, clock } = context;
  const known = await findPrice(store, platform, packageId);
  if (!known) throw new ApiError('price.package_unknown');
  if (isBelowCost(priceFen, known.cost_fen)) throw new ApiError('price.below_cost');
  const action = `prices.set ${String(priceFen)}`;
  await recordAudit(context, actor, { action, subject: `${platform}/${packageId}` });
  const row = await setPrice(
    store,
    { platform, package_id: packageId },
    { price_fen: priceFen, priced_at: clock(), staff_id: actor.auth.staffId },
  );
  if (!row) throw new ApiError('price.below_cost');
  const key = belowCostAlertKey(platform, packageId);
  await resolveAlertsOfKey(store, key, clock(), ['priceBelowCost']);
  return presentPrice(row);
}
