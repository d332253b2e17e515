import type { Logger } from 'pino';
import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import type { CardPlatforms } from '../platforms/card-platforms';
import { isYounger } from '../lib/age';
import { orRefuse } from '../platforms/or-refuse';
import { ApiError } from '../lib/api-error';
import type { Store } from '../store/store';

/** How long an answer about the balance is good for. */
const CACHE_TTL_MS = 20_000;

/**
 * Orders whose packages are taken from the balance if they are paid, and may not have been yet: while one is
 * being delivered, nobody says which of both it is.
 */
const UNDEDUCTED_STATES = [
  ...(['created', 'awaitingPayment', 'paid', 'reviewing'] as const),
  ...(['delivering', 'deliveryUnknown'] as const),
];

/** What somebody wants to buy. */
interface Sale {
  platform: string;
  /** What the package costs the shop, in fen; null where the platform does not say. */
  cost: number | null;
  /** The key under which the order for it is open, so that it does not stand in its own way. */
  openOrderKey: string;
}

export interface ShopBalance {
  /**
   * Refuses a sale that what the shop has left with the platform would not cover, before anybody pays.
   * @throws ApiError `package.not_in_stock`, `platform.unavailable`
   */
  assertCovers(sale: Sale): Promise<void>;
}

/** Watches what the shop has paid in advance to platforms that are paid so. */
export function createShopBalance({
  store,
  clock,
  log,
  platforms,
}: {
  store: Store;
  clock: () => number;
  log: Logger;
  platforms: CardPlatforms;
}): ShopBalance {
  const cache = new Map<string, { balance: Promise<number>; requestedAt: number }>();

  function readBalance(name: string, fetchBalance: () => Promise<number>) {
    const cached = cache.get(name);
    if (cached && isYounger(cached.requestedAt, CACHE_TTL_MS, clock())) return cached;
    const balance = orRefuse(fetchBalance).catch((error: unknown) => {
      cache.delete(name);
      throw error;
    });
    const entry = { balance, requestedAt: clock() };
    cache.set(name, entry);
    return entry;
  }

  /** @param requestedAt when the balance was asked for: what was delivered since then may not be gone from it */
  async function sumCommittedCosts(
    { platform, openOrderKey }: Sale,
    requestedAt: number,
  ): Promise<number> {
    const row = await store
      .selectFrom('orders')
      .select((eb) => eb.fn.sum<number | null>('cost_fen').as('total'))
      .where('platform', '=', platform)
      .where((eb) =>
        eb.or([
          eb('state', 'in', UNDEDUCTED_STATES),
          eb.and([eb('state', '=', 'delivered'), eb('state_since', '>=', requestedAt)]),
        ]),
      )
      .where((eb) => eb.or([eb('open_key', 'is', null), eb('open_key', '!=', openOrderKey)]))
      .executeTakeFirstOrThrow();
    return row.total ?? 0;
  }

  return {
    assertCovers: async (sale) => {
      const { platform: name, cost } = sale;
      const fetchBalance = platforms.find(name)?.balance;
      if (!fetchBalance || cost === null) return;
      const { balance, requestedAt } = readBalance(name, fetchBalance);
      const available = (await balance) - (await sumCommittedCosts(sale, requestedAt));
      const now = clock();
      if (available >= cost) {
        await resolveAlertsOfKey(store, name, now, ['balanceLow']);
        return;
      }
      log.error({ platform: name }, 'the balance with a platform is too low: nothing can be sold');
      await raiseAlert(store, { kind: 'balanceLow', subject: name, now });
      throw new ApiError('package.not_in_stock');
    },
  };
}
