import type { CardNumber } from '@shared/card-number';
import { carrierOfIccid } from '../iccid-carrier';
import { PlatformUnavailable } from '../ports';
import type { PlatformCard } from '../ports';
import type { AnswerOf, RefusedResult } from './client';
import type { Dialect } from './operations';

/** Which card an answer is about. */

type MemberInfo = AnswerOf<'memberInfo'>;
type CardIdentifiers = Pick<MemberInfo, 'serial_no' | 'custom_no' | 'iccid_suffix'>;

/** What follows the issuer's part of an ICCID: all of it that 大卡师 knows (api-doc, iccid后10位). */
const SUFFIX_LENGTH = 10;

/** A phone number of a card, as carriers give them: the only serial numbers that are one as well. */
const ACCESS_NUMBER = /^1(?:\d{10}|\d{12})$/;

/** What a card is asked for by. */
export function lookupNumber({ kind, value }: CardNumber): string {
  return kind === 'iccid' ? value.slice(-SUFFIX_LENGTH) : value;
}

/** The names by which a number of this kind means the card. */
function identifiersFor(kind: CardNumber['kind'], names: CardIdentifiers): (string | null)[] {
  const { serial_no, custom_no, iccid_suffix } = names;
  switch (kind) {
    case 'iccid':
      return [iccid_suffix];
    case 'iccidSuffix':
      return [iccid_suffix, serial_no, custom_no];
    case 'accessNumber':
    case 'customNumber':
      return [serial_no, custom_no];
  }
}

function makeCard(ref: string, iccid: string | null): PlatformCard {
  return {
    ref,
    iccid,
    accessNumber: ACCESS_NUMBER.test(ref) ? ref : null,
    carrier: iccid === null ? 'unknown' : carrierOfIccid(iccid),
  };
}

/**
 * Whether the answer is the older document's whole answer, which names no card: that it came, for a number
 * that was asked for as a card's own, is all there is to go by.
 */
function hasNoIdentifiers(dialect: Dialect, info: MemberInfo): boolean {
  return dialect === 'seed' && info.serial_no === null && info.total_data_value !== null;
}

/**
 * The card of an answer to a number, where it is the one that was meant.
 * @throws PlatformUnavailable if it is about a card that was not asked for at all
 */
export function readFoundCard(
  dialect: Dialect,
  number: CardNumber,
  info: MemberInfo,
): PlatformCard | undefined {
  const { kind, value } = number;
  const { serial_no, custom_no, iccid_suffix } = info;
  const lookup = lookupNumber(number);
  if (hasNoIdentifiers(dialect, info)) {
    return kind === 'accessNumber' || kind === 'customNumber' ? makeCard(value, null) : undefined;
  }
  if (serial_no === null || ![serial_no, custom_no, iccid_suffix].includes(lookup)) {
    throw new PlatformUnavailable('dakashi member/info: answered about another card');
  }
  if (!identifiersFor(kind, info).includes(lookup)) return undefined;
  return makeCard(serial_no, kind === 'iccid' ? value : null);
}

/** @throws PlatformUnavailable if the answer is not about the card with this serial number */
export function readRequestedCard(dialect: Dialect, ref: string, info: MemberInfo): PlatformCard {
  if (!hasNoIdentifiers(dialect, info)) assertSameCard('member/info', ref, info);
  return makeCard(ref, null);
}

/** @throws PlatformUnavailable if an answer is not about the card with this serial number */
export function assertSameCard(
  operation: string,
  ref: string,
  { serial_no }: Pick<CardIdentifiers, 'serial_no'>,
): void {
  if (serial_no !== ref) {
    throw new PlatformUnavailable(`dakashi ${operation}: answered about another card`);
  }
}

/** A refusal where the platform had only been asked: it leaves the question open. */
export function queryRefused(operation: string, { message }: RefusedResult): PlatformUnavailable {
  return new PlatformUnavailable(`dakashi ${operation}: refused with ${message}`);
}
