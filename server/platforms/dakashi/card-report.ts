import { parseBeijing } from '@shared/beijing-time';
import { PlatformUnavailable } from '../ports';
import type { CardReport, CardPackage } from '../ports';
import { assertSameCard, readRequestedCard } from './cards';
import type { AnswerOf, Warn } from './client';
import { operations } from './operations';
import type { Dialect } from './operations';

type MemberInfo = AnswerOf<'memberInfo'>;
type MemberProducts = AnswerOf<'memberProducts'>;
type CardProduct = MemberProducts['packages'][number];

const DAY_MS = 24 * 60 * 60 * 1000;
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
  return { totalMb, usedMb, remainingMb: Math.max(0, leftMb), asOf };
}

/** @throws PlatformUnavailable if there is no such date */
function instantOf(day: string): number {
  const instant = parseBeijing(day);
  if (instant === undefined) {
    throw new PlatformUnavailable(`dakashi ${operations.memberProducts.id}: an invalid date`);
  }
  return instant;
}

/** The dates are the first and the last day of the package. */
function readPackage(product: CardProduct, state: CardPackage['state']): CardPackage {
  const { name, data_value: dataMb, start_time, end_time } = product;
  return {
    name,
    dataMb,
    state,
    from: instantOf(start_time),
    until: instantOf(end_time) + DAY_MS - 1,
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

/** The answers about one card, and the time of the query in epoch ms. */
export interface CardAnswers {
  info: MemberInfo;
  products: MemberProducts;
  requestedAt: number;
}

/**
 * Reads a card's report. 大卡师 reports neither the carrier, nor the real-name registration, nor the expiry
 * date.
 * @throws PlatformUnavailable if the answers are about another card or have an invalid date
 */
export function readReport(
  dialect: Dialect,
  ref: string,
  { info, products, requestedAt }: CardAnswers,
  warn: Warn,
): CardReport {
  assertSameCard(operations.memberProducts.id, ref, products);
  return {
    ...readRequestedCard(dialect, ref, info),
    carrierCode: carrierCodeOf(info),
    realName: 'unknown',
    usage: readUsage(info, requestedAt),
    expiresAt: null,
    packages: readPackages(products, warn),
    raw: [
      { operation: operations.memberInfo.id, answer: info },
      { operation: operations.memberProducts.id, answer: products },
    ],
  };
}
