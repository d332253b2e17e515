import { endOfBeijingMonth, startOfBeijingMonth } from '@shared/beijing-time';
import { readCardStatus } from '@shared/carrier-status';
import type { HeldPackage, SimCard } from '../state';
import { createNumberMint, type NumberMint } from './numbers';
import { planCards, type CardPlan, type Fill } from './plans';
import { createPrng, type Prng } from './prng';
import { categories, products, type Product } from './products';

const MINUTE_MS = 60_000;

/** The share of the package used, low and high in per mille. */
const usedShare: Readonly<Record<Exclude<Fill, 'none' | 'expired'>, readonly [number, number]>> = {
  demo: [618, 624],
  fresh: [0, 15],
  usual: [100, 850],
  low: [925, 995],
  usedUp: [1000, 1000],
};

const DEMO_PACKAGE = '畅用月包 30GB';

function productOf(
  plan: CardPlan,
  categoryIds: readonly string[],
  prng: Prng,
): Product | undefined {
  if (plan.fill === 'demo') return products.find(({ name }) => name === DEMO_PACKAGE);
  const main = products.filter(
    ({ categoryId, type }) => categoryIds.includes(categoryId) && (type === 1 || type === 3),
  );
  return main[prng.between(0, main.length - 1)];
}

/** A package bought in the past: running now, or over since last month. */
function hold(product: Product, fill: Exclude<Fill, 'none'>, now: number, prng: Prng): HeldPackage {
  const expired = fill === 'expired';
  const ago = expired ? product.months : prng.between(0, product.months - 1);
  const [low, high] = usedShare[expired ? 'usual' : fill];
  return {
    productId: product.id,
    name: product.name,
    volumeMb: product.volumeMb,
    usedMb: Math.round((product.volumeMb * prng.between(low, high)) / 10) / 100,
    from: startOfBeijingMonth(now, -ago),
    until: endOfBeijingMonth(now, product.months - 1 - ago),
  };
}

function categoryIdsFor(plan: CardPlan, prng: Prng): string[] {
  const [main, ...others] = categories
    .filter(({ carrier }) => carrier === plan.carrier)
    .map(({ id }) => id);
  const seen = plan.fill === 'demo' ? others : others.filter(() => prng.chance(0.8));
  return [main, ...(seen.length > 0 ? seen : others.slice(0, 1))].filter((id) => id !== undefined);
}

/** Platforms know the end of a card's contract; cards that are no more have theirs behind them. */
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
  mint: NumberMint,
  now: number,
  prng: Prng,
): SimCard {
  const categoryIds = categoryIdsFor(plan, prng);
  const product = productOf(plan, categoryIds, prng);
  const packages = plan.fill === 'none' || !product ? [] : [hold(product, plan.fill, now, prng)];
  const { code, label } = readCardStatus(plan.carrier, plan.carrierCode);
  return {
    iccid,
    accessNumber: mint.accessNumber(plan.carrier, plan.accessLength),
    carrier: plan.carrier,
    carrierCode: plan.carrierCode,
    realName: plan.realName,
    expiresAt: expiryOf(plan, packages, now, prng),
    // A label of its own names another reason (the user, the carrier, abnormal traffic).
    stoppedForVolume: code === 'suspended' && label['zh-CN'] === '已停机',
    categoryIds,
    packages,
    countedAt: now - prng.between(2, 50) * MINUTE_MS,
  };
}

/**
 * Two hundred cards that are nobody's, the same for the same seed and month: every row of the carriers'
 * status tables, several ICCID shapes, usages from full to empty. The first is the lively one.
 */
export function makeCards(seed: string, now: number): SimCard[] {
  const prng = createPrng(seed);
  const mint = createNumberMint(prng);
  const cards: SimCard[] = [];
  for (const plan of planCards(prng)) {
    const before = cards.at(-1);
    const iccid =
      plan.twin && before
        ? mint.twinOf(before.iccid, plan.carrier)
        : mint.iccid(plan.carrier, plan.iccidLength, plan.withLetter);
    cards.push(makeCard(plan, iccid, mint, now, prng));
  }
  return cards;
}
