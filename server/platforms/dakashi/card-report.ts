import type { CardPart } from '@shared/card-parts';
import { endOf, startOf } from '../answer-fields';
import type { CardReport, CardPackage } from '../ports';
import { readRequestedCard } from './cards';
import type { AnswerOf, Warn } from './client';
import { operations } from './operations';
import type { Dialect } from './operations';

type MemberInfo = AnswerOf<'memberInfo'>;
type MemberProducts = AnswerOf<'memberProducts'>;
type CardProduct = MemberProducts['packages'][number];

const POWERED_ON = '1';
const ONLINE = '1';

const packageStates: Readonly<Record<string, CardPackage['state']>> = {
  '1': 'current',
  '2': 'expired',
  '3': 'queued',
};

/**
 * The card's state as a code of the table in shared/carrier-status.ts: whether it is powered on and, if it is
 * on but offline, the network state. A missing state gives a code that is not in the table.
 * @internal Exported for tests.
 */
export function carrierCodeOf({ sim_status, gprs_status }: MemberInfo): string {
  const isConclusive = sim_status !== POWERED_ON || gprs_status === ONLINE;
  return `dakashi:${isConclusive ? (sim_status ?? '') : `${sim_status}/${gprs_status ?? ''}`}`;
}

/** The month's volumes. The older document has only their total, from which nothing else follows. */
function readUsage(info: MemberInfo, asOf: number): CardReport['usage'] {
  const { resources_count: totalMb, used_res_count: usedMb, ieavings_count: leftMb } = info;
  if (totalMb === null || usedMb === null || leftMb === null) return null;
  if (totalMb === undefined || usedMb === undefined || leftMb === undefined) return null;
  return { totalMb, usedMb, remainingMb: Math.max(0, leftMb), asOf };
}

/** The dates are the first and the last day of the package. */
function readPackage(product: CardProduct, state: CardPackage['state']): CardPackage {
  const { name, data_value: dataMb, start_time, end_time } = product;
  return {
    name,
    dataMb,
    state,
    from: start_time === null ? null : startOf(start_time),
    until: end_time === null ? null : endOf(end_time),
  };
}

function readPackages({ packages }: MemberProducts, warn: Warn): CardPackage[] {
  return packages.flatMap((product) => {
    const state = packageStates[product.state];
    if (state !== undefined) return [readPackage(product, state)];
    const operation = operations.memberProducts.id;
    warn('omitted a package of the card', { operation, reason: 'unknown state' });
    return [];
  });
}

/** The parts of the report that were not answered, or not in a readable way. */
function findUnreadable(info: MemberInfo, products: MemberProducts | undefined): CardPart[] {
  const { sim_status, gprs_status, resources_count, used_res_count, ieavings_count } = info;
  const isMissing = (values: unknown[]) => values.includes(undefined);
  const unreadable: CardPart[] = [];
  if (isMissing([sim_status, gprs_status])) unreadable.push('status');
  if (isMissing([resources_count, used_res_count, ieavings_count])) unreadable.push('usage');
  if (products === undefined) unreadable.push('packages');
  return unreadable;
}

/** The answers about one card, and the time of the query in epoch ms. */
export interface CardAnswers {
  info: MemberInfo;
  /** Undefined if the query failed. */
  products: MemberProducts | undefined;
  requestedAt: number;
}

/**
 * Reads a card's report. 大卡师 reports neither the carrier, nor the real-name registration, nor the expiry
 * date.
 * @throws PlatformUnavailable if the answer is about another card
 */
export function readReport(
  dialect: Dialect,
  ref: string,
  { info, products, requestedAt }: CardAnswers,
  warn: Warn,
): CardReport {
  const unreadable = findUnreadable(info, products);
  const operation = operations.memberInfo.id;
  if (unreadable.length > 0) warn('a part of a card is unreadable', { operation, unreadable });
  return {
    ...readRequestedCard(dialect, ref, info),
    carrierCode: carrierCodeOf(info),
    realName: 'unknown',
    usage: readUsage(info, requestedAt),
    expiresAt: null,
    packages: products ? readPackages(products, warn) : [],
    ...(unreadable.length > 0 && { unreadable }),
    raw: [
      { operation: operations.memberInfo.id, answer: info },
      ...(products ? [{ operation: operations.memberProducts.id, answer: products }] : []),
    ],
  };
}
