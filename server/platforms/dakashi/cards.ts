import type { CardNumber } from '@shared/card-number';
import { carrierOfIccid } from '../iccid-carrier';
import { PlatformUnavailable } from '../ports';
import type { PlatformCard } from '../ports';
import type { AnswerOf, RefusedResult } from './client';
import type { Dialect } from './operations';

type MemberInfo = AnswerOf<'memberInfo'>;
type CardIdentifiers = Pick<MemberInfo, 'serial_no' | 'custom_no' | 'iccid_suffix'>;

/** 大卡师 knows only the last ten digits of an ICCID (api-doc, iccid后10位). */
const SUFFIX_LENGTH = 10;

/** The format of access numbers. A serial number of this format is the card's access number too. */
const ACCESS_NUMBER = /^1(?:\d{10}|\d{12})$/;

/** The number a card is queried by. */
export function lookupNumber({ kind, value }: CardNumber): string {
  return kind === 'iccid' ? value.slice(-SUFFIX_LENGTH) : value;
}

/** The identifiers of a card that a number of this kind can refer to. */
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
 * Whether the answer is complete by the older document, which does not identify the card. Then the requested
 * number is the only evidence of which card it is about.
 */
function hasNoIdentifiers(dialect: Dialect, info: MemberInfo): boolean {
  return dialect === 'seed' && info.serial_no === null && info.total_data_value !== null;
}

/**
 * The card of an answer; undefined if the number does not refer to that card.
 * @throws PlatformUnavailable if the answer is about a card that was not requested
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

/** The error of a refused query. */
export function queryRefused(operation: string, { message }: RefusedResult): PlatformUnavailable {
  return new PlatformUnavailable(`dakashi ${operation}: refused with ${message}`);
}
