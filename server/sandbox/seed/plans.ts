import { carrierStatusTables, type CardStatusCode } from '@shared/carrier-status';
import type { SimCard } from '../state';
import type { Prng } from './prng';

type Carrier = SimCard['carrier'];

/** How much of its package a card has used. */
export type UsageLevel = 'demo' | 'fresh' | 'usual' | 'low' | 'usedUp' | 'expired' | 'none';

/** The properties of a made-up card. */
export interface CardPlan {
  carrier: Carrier;
  carrierCode: string;
  usageLevel: UsageLevel;
  realName: SimCard['realName'];
  iccidLength: 19 | 20;
  withLetter: boolean;
  accessLength: 11 | 13;
  /** Shares the ICCID's last ten characters with the card before it. */
  twin: boolean;
}

const TOTAL = 200;
const carriers: readonly [Carrier, ...Carrier[]] = ['telecom', 'mobile', 'unicom'];

/** The status code of an active card, by carrier. */
export const activeCodes: Readonly<Record<Carrier, string>> = {
  mobile: '0',
  telecom: '1',
  unicom: '1',
};

/** Codes that are not in the tables, such as carriers add without notice. */
const unlisted: readonly (readonly [Carrier, string])[] = [
  ['mobile', '12'],
  ['telecom', '210000'],
  ['unicom', '15'],
];

/** The usual usage of a card in each state. */
const usualUsageLevel: Readonly<Record<CardStatusCode, UsageLevel>> = {
  active: 'usual',
  testing: 'fresh',
  pendingActivation: 'none',
  inventory: 'none',
  suspended: 'usedUp',
  arrears: 'usedUp',
  violation: 'usual',
  lost: 'usual',
  dormant: 'expired',
  transferred: 'usual',
  preCancelled: 'expired',
  cancelled: 'none',
  notFound: 'none',
  unknown: 'usual',
};

function basePlan(carrier: Carrier, carrierCode: string, usageLevel: UsageLevel): CardPlan {
  return {
    carrier,
    carrierCode,
    usageLevel,
    realName: 1,
    iccidLength: carrier === 'telecom' ? 19 : 20,
    withLetter: false,
    accessLength: 13,
    twin: false,
  };
}

const active = (carrier: Carrier, usageLevel: UsageLevel) =>
  basePlan(carrier, activeCodes[carrier], usageLevel);

/** One card for each status code of the carriers' tables, and a few with other codes. */
function cardOfEveryStatus(): CardPlan[] {
  const listed = carriers.flatMap((carrier) =>
    carrierStatusTables[carrier].map(({ carrierCode, carrierText, code }) => ({
      ...basePlan(carrier, carrierCode, usualUsageLevel[code]),
      realName: carrierText.includes('未实名') ? (0 as const) : (1 as const),
    })),
  );
  return [...listed, ...unlisted.map(([carrier, code]) => basePlan(carrier, code, 'usual'))];
}

/** Cards with unusual properties. */
function unusualCards(): CardPlan[] {
  return [
    { ...active('mobile', 'usual'), withLetter: true },
    { ...active('unicom', 'usual'), withLetter: true },
    { ...active('mobile', 'usual'), iccidLength: 19 },
    { ...active('telecom', 'usual'), iccidLength: 20, withLetter: true },
    { ...active('mobile', 'usual'), accessLength: 11 },
    { ...active('unicom', 'usual'), accessLength: 11 },
    { ...active('telecom', 'usual'), realName: 0 },
    { ...active('mobile', 'usual'), realName: 0 },
    { ...active('unicom', 'usual'), realName: null },
    ...carriers.flatMap((carrier) =>
      (['fresh', 'low', 'usedUp', 'expired', 'none'] as const).map((usageLevel) =>
        active(carrier, usageLevel),
      ),
    ),
    active('telecom', 'usual'),
    { ...active('mobile', 'usual'), twin: true },
  ];
}

function ordinaryCard(prng: Prng): CardPlan {
  const carrier = prng.pick(carriers);
  return {
    ...active(carrier, prng.pick(['usual', 'usual', 'usual', 'usual', 'fresh', 'low'])),
    realName: prng.chance(0.95) ? 1 : 0,
    withLetter: prng.chance(0.2),
    accessLength: prng.chance(0.15) ? 11 : 13,
  };
}

/** The plans of the two hundred cards: the one for demonstrations first, then the special ones. */
export function planCards(prng: Prng): CardPlan[] {
  const special = [
    active('telecom', 'demo'),
    active('mobile', 'usual'),
    active('unicom', 'low'),
    ...cardOfEveryStatus(),
    ...unusualCards(),
  ];
  const rest = Array.from({ length: TOTAL - special.length }, () => ordinaryCard(prng));
  return [...special, ...rest];
}
