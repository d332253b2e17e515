import type { CardNumber } from '@shared/card-number';
import { readCardStatus } from '@shared/carrier-status';
import type { CardPlatform, CardReport, PlatformCard } from '../platforms/ports';
import { givenCard, lacksCard } from './card-facts';
import type { CardFacts } from './card-facts';
import type { Check, Notes } from './check';

type CardCheck = Check<CardPlatform, CardFacts>;

const SUFFIX_LENGTH = 10;
/** Clocks differ, and a carrier may count ahead to the end of an hour. */
const AHEAD_MS = 60 * 60 * 1000;
/** No card of this kind is older, and no contract ends later. */
const EARLIEST = Date.UTC(2005);
const LATEST = Date.UTC(2100);

/** The other ways to ask for a card, as far as it names them itself. */
function otherNumbers({ iccid, accessNumber }: PlatformCard): CardNumber[] {
  const own: CardNumber[] = [];
  if (iccid !== null) {
    own.push({ kind: 'iccid', value: iccid });
    own.push({ kind: 'iccidSuffix', value: iccid.slice(-SUFFIX_LENGTH) });
  }
  if (accessNumber !== null) own.push({ kind: 'accessNumber', value: accessNumber });
  return own;
}

function isPossible(instant: number): boolean {
  return instant > EARLIEST && instant < LATEST;
}

/** Rounding of volumes that were counted in other units: a megabyte, or one in a hundred. */
function isAbout(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(1, Math.max(one, other) / 100);
}

function checkUsage(usage: CardReport['usage'], now: number, notes: Notes): void {
  if (!notes.told('usage', usage) || usage === null) return;
  const { totalMb, usedMb, remainingMb, asOf } = usage;
  notes.expect(
    'usage: no volume is below zero',
    [totalMb, usedMb, remainingMb].every((mb) => mb >= 0),
  );
  notes.expect(
    'usage: used and remaining add up to the total',
    isAbout(Math.max(0, totalMb - usedMb), remainingMb),
  );
  notes.expect('usage.asOf: a time that has come', asOf > EARLIEST && asOf <= now + AHEAD_MS);
}

function checkPackages({ packages }: CardReport, notes: Notes): void {
  for (const { name, dataMb, from, until } of packages) {
    notes.expect('packages[].name: there', name !== '');
    notes.expect('packages[].dataMb: not below zero', dataMb >= 0);
    notes.expect('packages[].from, until: in their order', from < until);
    notes.expect('packages[].from, until: possible', isPossible(from) && isPossible(until));
  }
}

function checkStatus({ carrier, carrierCode }: CardReport, notes: Notes): void {
  const { code, carrierTexts } = readCardStatus(carrier, carrierCode);
  const isListed = code !== 'unknown' || carrierTexts.length > 0;
  if (isListed) notes.expect('carrierCode: in its table', true);
  else notes.unknown(`carrierCode ${carrierCode} of the carrier ${carrier}`);
}

const findsByEveryNumber: CardCheck = {
  name: { 'zh-CN': '每种卡号找到同一张卡', en: 'Every number finds the same card' },
  method: 'find',
  writes: false,
  lacks: lacksCard,
  async run(cards, facts, notes) {
    const { ref, ...card } = await givenCard(cards, facts);
    notes.told('iccid', card.iccid);
    notes.told('accessNumber', card.accessNumber);
    notes.told('carrier', card.carrier === 'unknown' ? null : card.carrier);
    for (const number of [...facts.numbers, ...otherNumbers({ ref, ...card })]) {
      const found = await cards.find(number);
      const isFound = found.some((each) => each.ref === ref);
      notes.expect(`find by ${number.kind}`, isFound);
    }
  },
};

const knowsNoStranger: CardCheck = {
  name: { 'zh-CN': '没有的卡号：空结果，不是错误', en: 'A number of no card finds nothing' },
  method: 'find',
  writes: false,
  async run(cards, { strangers }, notes) {
    for (const number of strangers) {
      const found = await cards.find(number);
      notes.expect(`find by ${number.kind}: nothing`, found.length === 0);
    }
  },
};

const reports: CardCheck = {
  name: { 'zh-CN': '卡片详情自洽', en: 'A report is consistent' },
  method: 'report',
  writes: false,
  lacks: lacksCard,
  async run(cards, facts, notes) {
    const { ref } = await givenCard(cards, facts);
    const report = await cards.report(ref);
    if (report === undefined) {
      notes.missing('the report of a card that was found');
      return;
    }
    notes.expect('ref: the card that was asked for', report.ref === ref);
    checkStatus(report, notes);
    notes.told('realName', report.realName === 'unknown' ? null : report.realName);
    checkUsage(report.usage, facts.clock(), notes);
    if (notes.told('expiresAt', report.expiresAt) && report.expiresAt !== null) {
      notes.expect('expiresAt: possible', isPossible(report.expiresAt));
    }
    checkPackages(report, notes);
    notes.expect('raw: the answers it was read from', report.raw.length > 0);
  },
};

const reportsNoStranger: CardCheck = {
  name: { 'zh-CN': '没有的卡没有详情', en: 'There is no report of a card that is none' },
  method: 'report',
  writes: false,
  async run(cards, { strangers }, notes) {
    for (const { value } of strangers) {
      notes.expect('no report', (await cards.report(value)) === undefined);
    }
  },
};

export const cardChecks: readonly CardCheck[] = [
  findsByEveryNumber,
  knowsNoStranger,
  reports,
  reportsNoStranger,
];
