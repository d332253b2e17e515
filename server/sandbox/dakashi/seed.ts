import { beijingDate, endOfBeijingMonth, startOfBeijingMonth } from '@shared/beijing-time';
import { createPrng, type Prng } from '../seed/prng';
import type { SimCard } from '../state';
import type { AgentCard, DakashiState, HeldProduct, PrepaidCard } from './state';

/** The agent's prepaid balance: 5,000 yuan. */
const BALANCE_FEN = 500_000;

const SUFFIX_LENGTH = 10;

/** A product held from the month `ago` months back on, for `months` calendar months. */
function heldProduct(productNo: string, now: number, months: number, ago: number): HeldProduct {
  return {
    productNo,
    start: beijingDate(startOfBeijingMonth(now, -ago)),
    end: beijingDate(endOfBeijingMonth(now, months - 1 - ago)),
  };
}

type CardPlan = Omit<AgentCard, 'serialNo' | 'iccid' | 'powerAsked'>;

/** An active card, one used up, one stopped, one new, one changing state, and one that 旭宇 has as well. */
function plans(now: number): CardPlan[] {
  const monthly = heldProduct('110100_5120', now, 1, 0);
  const quarter = heldProduct('110300_6144', now, 3, 1);
  const expired = heldProduct('110100_1024', now, 1, 1);
  const next = heldProduct('110100_1024', now, 1, -1);
  const on = { customNo: '', sim: '1', gprs: '1', usedMb: 0 } as const;
  return [
    { ...on, customNo: '100000', usedMb: 1843, products: [monthly, expired, next] },
    { ...on, gprs: '0', usedMb: 6144, products: [quarter] },
    { ...on, sim: '0', gprs: '0', products: [expired] },
    { ...on, sim: '2', products: [] },
    { ...on, sim: '4', products: [monthly] },
    { ...on, usedMb: 512, products: [monthly] },
  ];
}

/** An ICCID with an unused suffix. */
function newIccid(prng: Prng, taken: Set<string>): string {
  for (;;) {
    const suffix = prng.digits(SUFFIX_LENGTH);
    if (taken.has(suffix)) continue;
    taken.add(suffix);
    return `898604${prng.digits(4)}${suffix}`;
  }
}

function makeCards(seed: string, now: number, others: readonly SimCard[]): AgentCard[] {
  const prng = createPrng(`${seed} dakashi`);
  const taken = new Set(others.map(({ iccid }) => iccid.slice(-SUFFIX_LENGTH)));
  const made = plans(now).map((plan, index) => ({
    ...plan,
    serialNo: `8700000${String(index + 1)}`,
    iccid: newIccid(prng, taken),
    powerAsked: false,
  }));
  const [shared, last] = [others.at(-1), made.at(-1)];
  if (shared && last) last.iccid = shared.iccid;
  return made;
}

function makePrepaidCards(seed: string): PrepaidCard[] {
  const prng = createPrng(`${seed} dakashi prepaid`);
  return (['0', '1', '2'] as const).map((state, index) => ({
    number: `17022273432200000${String(index)}`,
    password: prng.digits(8),
    productNo: '110100_1024',
    state,
  }));
}

/** The initial state of 大卡师: six made-up cards, the last of which 旭宇 has as well. */
export function makeDakashiState(
  seed: string,
  now: number,
  others: readonly SimCard[],
): DakashiState {
  return {
    callbackUrl: null,
    balanceFen: BALANCE_FEN,
    cards: makeCards(seed, now, others),
    orders: [],
    prepaidCards: makePrepaidCards(seed),
    callbacks: [],
    deliveries: [],
  };
}
