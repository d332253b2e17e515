import { endOfBeijingMonth } from '@shared/beijing-time';
import {
  carrierSettlementDays,
  endOfBillingMonth,
  startOfBillingMonth,
} from '@shared/billing-month';
import { readCardStatus } from '@shared/carrier-status';
import type { HeldPackage, SimCard } from '../state';
import { createNumberGenerator, type NumberGenerator } from './numbers';
import { planCards, type CardPlan, type UsageLevel } from './plans';
import { createPrng, type Prng } from './prng';
import { categories, products, type Product } from './products';

const MINUTE_MS = 60_000;

/** The range of the used share of a package, in per mille. */
const usedShare: Readonly<
  Record<Exclude<UsageLevel, 'none' | 'expired'>, readonly [number, number]>
> = {
  demo: [618, 624],
  fresh: [0, 15],
  usual: [100, 850],
  low: [925, 995],
  usedUp: [1000, 1000],
};

const DEMO_PACKAGE = '畅用月包 30GB';

function pickProduct(
  plan: CardPlan,
  categoryIds: readonly string[],
  prng: Prng,
): Product | undefined {
  if (plan.usageLevel === 'demo') return products.find(({ name }) => name === DEMO_PACKAGE);
  const main = products.filter(
    ({ categoryId, type }) => categoryIds.includes(categoryId) && (type === 1 || type === 3),
  );
  return main[prng.between(0, main.length - 1)];
}

/** A package that was bought before: running now, or expired since last month. */
function makeHeldPackage(
  product: Product,
  { carrier, usageLevel }: { carrier: SimCard['carrier']; usageLevel: Exclude<UsageLevel, 'none'> },
  now: number,
  prng: Prng,
): HeldPackage {
  const settlementDay = carrierSettlementDays[carrier];
  const expired = usageLevel === 'expired';
  const ago = expired ? product.months : prng.between(0, product.months - 1);
  const [low, high] = usedShare[expired ? 'usual' : usageLevel];
  return {
    productId: product.id,
    name: product.name,
    volumeMb: product.volumeMb,
    usedMb: Math.round((product.volumeMb * prng.between(low, high)) / 10) / 100,
    from: startOfBillingMonth(now, settlementDay, -ago),
    until: endOfBillingMonth(now, settlementDay, product.months - 1 - ago),
  };
}

function categoryIdsFor(plan: CardPlan, prng: Prng): string[] {
  const [main, ...others] = categories
    .filter(({ carrier }) => carrier === plan.carrier)
    .map(({ id }) => id);
  const seen = plan.usageLevel === 'demo' ? others : others.filter(() => prng.chance(0.8));
  return [main, ...(seen.length > 0 ? seen : others.slice(0, 1))].filter((id) => id !== undefined);
}

/** The end of a card's contract; that of a cancelled card has passed. */
function expiryOf(plan: CardPlan, packages: HeldPackage[], now: number, prng: Prng): number | null {
  const { code } = readCardStatus(plan.carrier, plan.carrierCode);
  if (code === 'cancelled' || code === 'notFound')
    return endOfBeijingMonth(now, -prng.between(2, 9));
  const last = Math.max(...packages.map(({ until }) => until));
  if (Number.isFinite(last)) return last;
  return plan.carrier === 'unicom' ? null : endOfBeijingMonth(now, prng.between(1, 18));
}

function makeCard(
  plan: CardPlan,
  iccid: string,
  numbers: NumberGenerator,
  now: number,
  prng: Prng,
): SimCard {
  const categoryIds = categoryIdsFor(plan, prng);
  const product = pickProduct(plan, categoryIds, prng);
  const packages =
    plan.usageLevel === 'none' || !product
      ? []
      : [
          makeHeldPackage(
            product,
            { carrier: plan.carrier, usageLevel: plan.usageLevel },
            now,
            prng,
          ),
        ];
  const { code, label } = readCardStatus(plan.carrier, plan.carrierCode);
  return {
    iccid,
    accessNumber: numbers.accessNumber(plan.carrier, plan.accessLength),
    carrier: plan.carrier,
    carrierCode: plan.carrierCode,
    realName: plan.realName,
    expiresAt: expiryOf(plan, packages, now, prng),
    // Any other label names another reason (the user, the carrier, abnormal traffic).
    stoppedForVolume: code === 'suspended' && label['zh-CN'] === '已停机',
    categoryIds,
    packages,
    countedAt: now - prng.between(2, 50) * MINUTE_MS,
  };
}

/**
 * Two hundred made-up cards, the same for the same seed and month: every status of the carriers' tables,
 * several forms of ICCIDs, and all levels of usage. The first is the one for demonstrations.
 */
export function makeCards(seed: string, now: number): SimCard[] {
  const prng = createPrng(seed);
  const numbers = createNumberGenerator(prng);
  const cards: SimCard[] = [];
  for (const plan of planCards(prng)) {
    const before = cards.at(-1);
    const iccid =
      plan.twin && before
        ? numbers.twinOf(before.iccid, plan.carrier)
        : numbers.iccid(plan.carrier, plan.iccidLength, plan.withLetter);
    cards.push(makeCard(plan, iccid, numbers, now, prng));
  }
  return cards;
}
