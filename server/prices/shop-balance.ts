import type { Logger } from 'pino';
import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import { ApiError } from '../lib/api-error';
import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { SingleFlight } from '../lib/single-flight';
import { createSingleFlight } from '../lib/single-flight';
import type { CardPlatforms } from '../platforms/card-platforms';
import { orRefuse } from '../platforms/or-refuse';
import type { Store, StoreOrTx, Tx } from '../store/store';
import { lockSales, sumCommittedCosts } from './balance-queries';

const CACHE_TTL_MS = 20_000;
const MAX_CACHED_BALANCES = 100;

/** A prepaid balance with a platform. */
export interface FetchedBalance {
  /** In fen. */
  balance: number;
  /** When it was requested, epoch ms: what was delivered since then may not be deducted from it. */
  requestedAt: number;
}

/** The prepaid balances and the queries in flight, by platform. */
export interface BalanceState {
  balances: ExpiringCache<FetchedBalance>;
  inFlight: SingleFlight<FetchedBalance>;
}

export interface BalanceContext {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
  log: Logger;
  platforms: CardPlatforms;
  balanceState: BalanceState;
}

/** A package that a customer is about to order. */
export interface Sale {
  platform: string;
  /** What the package costs the shop, in fen; null if the platform does not say. */
  cost: number | null;
  /** The key of the customer's open order for the package, so that it is not counted twice. */
  openOrderKey: string;
}

export function createBalanceState(clock: () => number): BalanceState {
  return {
    balances: createExpiringCache({ max: MAX_CACHED_BALANCES, ttlMs: CACHE_TTL_MS, clock }),
    inFlight: createSingleFlight(),
  };
}

async function readBalance(
  { clock, balanceState: { balances, inFlight } }: BalanceContext,
  platform: string,
  fetchBalance: () => Promise<number>,
): Promise<FetchedBalance> {
  const cached = balances.get(platform);
  if (cached) return cached;
  return inFlight(platform, async () => {
    const requestedAt = clock();
    const fetched = { balance: await orRefuse(fetchBalance), requestedAt };
    // The balance is as old as its request, not as its answer.
    balances.set(platform, fetched, CACHE_TTL_MS - (clock() - requestedAt));
    return fetched;
  });
}

/** Thrown in the transaction of a sale that the balance does not cover any more. */
export class BalanceSpent extends Error {
  override readonly name = 'BalanceSpent';
}

/**
 * Refuses a sale that the shop's prepaid balance with the platform would not cover, before the customer
 * pays. Raises an alert if the balance is too low, and resolves it once it is sufficient.
 * @returns the balance, for `assertStillCovered`; undefined if the sale needs none
 * @throws ApiError `package.not_in_stock`, `platform.unavailable`, `platform.busy`
 */
export async function assertBalanceCovers(
  context: BalanceContext,
  sale: Sale,
): Promise<FetchedBalance | undefined> {
  const { store, clock, platforms } = context;
  const { platform, cost } = sale;
  const fetchBalance = platforms.find(platform)?.balance;
  if (!fetchBalance || cost === null) return undefined;
  const fetched = await readBalance(context, platform, fetchBalance);
  if (!(await covers(store, sale, fetched))) return refuseSale(context, platform);
  await resolveAlertsOfKey(store, platform, clock(), ['balanceLow']);
  return fetched;
}

/**
 * Checks a sale again, in the transaction that inserts its order. Concurrent sales of the platform wait for
 * each other here, so that two of them cannot spend the same money.
 * @throws BalanceSpent if another sale was first
 */
export async function assertStillCovered(
  tx: Tx,
  sale: Sale,
  { fetched, now }: { fetched: FetchedBalance; now: number },
): Promise<void> {
  await lockSales(tx, sale.platform, now);
  if (!(await covers(tx, sale, fetched))) throw new BalanceSpent();
}

async function covers(
  store: StoreOrTx,
  { platform, cost, openOrderKey }: Sale,
  { balance, requestedAt: fetchedAt }: FetchedBalance,
): Promise<boolean> {
  const committed = await sumCommittedCosts(store, { platform, openOrderKey, fetchedAt });
  return balance - committed >= (cost ?? 0);
}

/** Calls a person, and refuses a sale. @throws ApiError `package.not_in_stock` */
export async function refuseSale(
  { store, clock, log }: Pick<BalanceContext, 'store' | 'clock' | 'log'>,
  platform: string,
): Promise<never> {
  log.error(
    { platform },
    'the prepaid balance is too low: packages of this platform cannot be sold',
  );
  await raiseAlert(store, { kind: 'balanceLow', subject: platform, now: clock() });
  throw new ApiError('package.not_in_stock');
}
