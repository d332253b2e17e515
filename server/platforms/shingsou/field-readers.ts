import { parseBeijing } from '@shared/beijing-time';
import type { Carrier } from '@shared/carrier-status';
import { parseYuan } from '@shared/money';
import type { Fen } from '@shared/money';
import { carrierOfIccid } from '../iccid-carrier';
import { PlatformUnavailable } from '../ports';
import type { PlatformCard } from '../ports';
import type { RefusedResult } from './client';

/** Wire -> our words, for what several operations share. */

const operatorNames: readonly (readonly [string, Carrier])[] = [
  ['移动', 'mobile'],
  ['电信', 'telecom'],
  ['联通', 'unicom'],
];

/** The carrier by the platform's word (移动, 中国移动 …), else by the ICCID's issuer. */
export function readCarrier(operator: string, iccid: string): Carrier {
  const named = operatorNames.filter(([name]) => operator.includes(name));
  const [only] = named;
  if (only !== undefined && named.length === 1) return only[1];
  return carrierOfIccid(iccid);
}

/** ITU-T E.118: 89 for telecommunications, at most 19 digits; issuers here go to 20 and use letters. */
const ICCID = /^89[0-9A-F]{17,18}$/;

/** An ICCID in the one spelling we use: upper case, without the `F` that pads 19 characters to 20. */
export function readIccid(text: string): string | undefined {
  const iccid = text.trim().toUpperCase();
  if (!ICCID.test(iccid)) return undefined;
  return iccid.length === 20 && iccid.endsWith('F') ? iccid.slice(0, 19) : iccid;
}

/** A card as the platform lists it; undefined where its number is no ICCID. */
export function readCard(card: {
  iccid: string;
  accessNo: string | null;
  operator: string;
}): PlatformCard | undefined {
  const iccid = readIccid(card.iccid);
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
 * The instant of a date or a time the platform writes in Beijing time, in epoch ms.
 * @throws PlatformUnavailable if the calendar has no such day or the clock no such time.
 */
export function instantOf(text: string): number {
  const instant = parseBeijing(text);
  if (instant === undefined) throw new PlatformUnavailable('shingsou: an impossible date');
  return instant;
}

/** An amount the platform writes in yuan. @throws PlatformUnavailable if it is none. */
export function amountOf(operation: string, yuan: string): Fen {
  const amount = parseYuan(yuan);
  if (amount === undefined) throw new PlatformUnavailable(`shingsou ${operation}: no amount`);
  return amount;
}

/** A call of which it is not known what it did. */
export function unknownOutcome(
  operation: string,
  problem: string,
): { outcome: 'unknown'; message: string } {
  return { outcome: 'unknown', message: `shingsou ${operation}: ${problem}` };
}

/** A refusal where the platform had only been asked: it leaves the question open. */
export function queryRefused(operation: string, result: RefusedResult): PlatformUnavailable {
  return new PlatformUnavailable(`shingsou ${operation}: refused with ${result.name}`);
}
