import type { ApiResponse } from '@shared/contract';
import { parseCardNumber } from '@shared/card-number';
import { resolveAlertsOfKey } from '../alerts/alert-queries';
import type { CardService } from '../cards/card-service';
import type { CatalogueService } from '../catalogue/catalogue-service';
import { isBelowCost, belowCostAlertKey } from '../prices/price-book';
import { findPrice, listPrices, setPrice } from '../prices/price-queries';
import { ApiError } from '../lib/api-error';
import { rfc3339 } from '../lib/rfc3339';
import type { PackagePriceRow } from '../store/schema';
import type { Store } from '../store/store';
import type { Actor } from '../contract/caller';
import type { Audit } from '../accounts/audit';
import { requireRole } from '../accounts/audit';

type Price = ApiResponse<'GET /support/prices'>['items'][number];

interface PriceParts {
  store: Store;
  clock: () => number;
  cards: CardService;
  catalogue: CatalogueService;
  audit: Audit;
}

export type SupportPrices = ReturnType<typeof createSupportPrices>;

function present(row: PackagePriceRow): Price {
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

/** What customers pay for packages that their platform leaves to the shop to price. */
export function createSupportPrices({ store, clock, cards, catalogue, audit }: PriceParts) {
  /** A platform tells what it sells only for a card: looking at one puts its packages into the book. */
  async function loadCataloguesFor(query: string): Promise<void> {
    const number = parseCardNumber(query);
    if (!number) throw new ApiError('card.number_invalid');
    const found = await cards.searchForStaff(number);
    if (found.length === 0) throw new ApiError('card.not_found');
    await Promise.all(found.map((card) => catalogue.forCard(card)));
  }

  return {
    /** @throws ApiError `card.*`, `platform.unavailable` where a card's packages are asked for */
    list: async (actor: Actor, cardNumber: string | undefined): Promise<Price[]> => {
      if (cardNumber !== undefined) {
        await audit(actor, 'prices.lookUp', cardNumber.slice(0, 64));
        await loadCataloguesFor(cardNumber);
      }
      return (await listPrices(store)).map(present);
    },

    /**
     * Sets what customers pay; null takes the package off the shelf.
     * @throws ApiError `staff.forbidden`, `price.package_unknown`, `price.below_cost`
     */
    set: async (
      actor: Actor,
      { platform, packageId }: { platform: string; packageId: string },
      priceFen: number | null,
    ): Promise<Price> => {
      requireRole(actor, 'supervisor');
      const key = { platform, package_id: packageId };
      const known = await findPrice(store, platform, packageId);
      if (!known) throw new ApiError('price.package_unknown');
      if (isBelowCost(priceFen, known.cost_fen)) throw new ApiError('price.below_cost');
      await audit(actor, `prices.set ${String(priceFen)}`, `${platform}/${packageId}`);
      const price = { price_fen: priceFen, priced_at: clock(), staff_id: actor.auth.staffId };
      const row = await setPrice(store, key, price);
      if (!row) throw new ApiError('price.below_cost');
      await resolveAlertsOfKey(store, belowCostAlertKey(platform, packageId), clock(), [
        'priceBelowCost',
      ]);
      return present(row);
    },
  };
}
