import type { Logger } from 'pino';
import { raiseAlert, settleAlertsOfKey } from '../alerts/alert-queries';
import type { CardPlatforms } from '../cards/card-platforms';
import { isYounger } from '../age';
import { askPlatform } from '../ask-platform';
import { RequestRefused } from '../problem';
import type { Store } from '../store/store';

/** How long an answer about the balance is good for. */
const FRESH_MS = 20_000;

/** Orders whose packages were not taken from the balance yet, and will be if they are paid. */
const AHEAD = ['created', 'awaitingPayment', 'paid', 'reviewing'] as const;

export interface ShopBalance {
  /**
   * Refuses a sale that what the shop has left with the platform would not cover, before anybody pays.
   * @param cost what the package costs the shop, in fen; null where the platform does not say
   * @throws RequestRefused `package.not_in_stock`, `platform.unavailable`
   */
  assertCovers(platform: string, cost: number | null): Promise<void>;
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
  const kept = new Map<string, { balance: Promise<number>; askedAt: number }>();

  function balanceOf(name: string, ask: () => Promise<number>): Promise<number> {
    const known = kept.get(name);
    if (known && isYounger(known.askedAt, FRESH_MS, clock())) return known.balance;
    const balance = askPlatform(ask).catch((error: unknown) => {
      kept.delete(name);
      throw error;
    });
    kept.set(name, { balance, askedAt: clock() });
    return balance;
  }

  async function promised(platform: string): Promise<number> {
    const row = await store
      .selectFrom('orders')
      .select((eb) => eb.fn.sum<number | null>('cost_fen').as('total'))
      .where('platform', '=', platform)
      .where('state', 'in', AHEAD)
      .executeTakeFirstOrThrow();
    return row.total ?? 0;
  }

  return {
    assertCovers: async (name, cost) => {
      const ask = platforms.find(name)?.balance;
      if (!ask || cost === null) return;
      const left = (await balanceOf(name, ask)) - (await promised(name));
      const now = clock();
      if (left >= cost) {
        await settleAlertsOfKey(store, name, now, ['balanceLow']);
        return;
      }
      log.error({ platform: name }, 'the balance with a platform is too low: nothing can be sold');
      await raiseAlert(store, { kind: 'balanceLow', subject: name, now });
      throw new RequestRefused('package.not_in_stock');
    },
  };
}
