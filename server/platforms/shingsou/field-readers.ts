import { parseBeijing } from '@shared/beijing-time';
import { normalizeIccid } from '@shared/card-number';
import type { Carrier } from '@shared/carrier-status';
import { parseYuan } from '@shared/money';
import type { Fen } from '@shared/money';
import { carrierOfIccid } from '../iccid-carrier';
import { PlatformUnavailable } from '../ports';
import type { PlatformCard } from '../ports';
import type { RefusedResult } from './client';

/** Readers of fields that several operations share. */

const operatorNames: readonly (readonly [string, Carrier])[] = [
  ['移动', 'mobile'],
  ['电信', 'telecom'],
  ['联通', 'unicom'],
];

/**
 * The carrier, from the platform's name of it (移动, 中国移动 …), or else from the ICCID's issuer.
 * @internal Exported for tests.
 */
export function readCarrier(operator: string, iccid: string): Carrier {
  const named = operatorNames.filter(([name]) => operator.includes(name));
  const [only] = named;
  if (only !== undefined && named.length === 1) return only[1];
  return carrierOfIccid(iccid);
}

/** Reads a card; undefined if its number is not an ICCID. */
export function readCard(card: {
  iccid: string;
  accessNo: string | null;
  operator: string;
}): PlatformCard | undefined {
  const iccid = normalizeIccid(card.iccid);
  if (iccid === undefined) return undefined;
  const accessNumber = card.accessNo?.trim();
  return {
    ref: iccid,
    iccid,
    accessNumber: accessNumber === undefined || accessNumber === '' ? null : accessNumber,
    carrier: readCarrier(card.operator, iccid),
  };
}

/**
 * The epoch ms of a date or time in Beijing time.
 * @throws PlatformUnavailable if there is no such date or time
 */
export function instantOf(text: string): number {
  const instant = parseBeijing(text);
  if (instant === undefined) throw new PlatformUnavailable('shingsou: an invalid date');
  return instant;
}

/** Reads an amount in yuan. @throws PlatformUnavailable if it is invalid */
export function amountOf(operation: string, yuan: string): Fen {
  const amount = parseYuan(yuan);
  if (amount === undefined) throw new PlatformUnavailable(`shingsou ${operation}: invalid amount`);
  return amount;
}

/** The outcome of a call whose effect is unknown. */
export function unknownOutcome(
  operation: string,
  problem: string,
): { outcome: 'unknown'; message: string } {
  return { outcome: 'unknown', message: `shingsou ${operation}: ${problem}` };
}

/** The error of a refused query. */
export function queryRefused(operation: string, result: RefusedResult): PlatformUnavailable {
  return new PlatformUnavailable(`shingsou ${operation}: refused with ${result.name}`);
}
