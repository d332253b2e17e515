import type { CardNumber } from '@shared/card-number';
import { readCardStatus } from '@shared/carrier-status';
import type { CardPlatform, CardReport, PlatformCard } from '../platforms/ports';
import { findGivenCard, skipWithoutCard } from './card-facts';
import type { CardFacts } from './card-facts';
import type { Check, CheckRecorder } from './check';

type CardCheck = Check<CardPlatform, CardFacts>;

const SUFFIX_LENGTH = 10;
/** Clocks differ, and a carrier may round up to the next hour. */
const MAX_CLOCK_AHEAD_MS = 60 * 60 * 1000;
/** No SIM card of this kind is older, and no contract ends later. */
const EARLIEST = Date.UTC(2005);
const LATEST = Date.UTC(2100);

/** The other numbers of a card, as far as the card reports them. */
function otherNumbers({ iccid, accessNumber }: PlatformCard): CardNumber[] {
  const own: CardNumber[] = [];
  if (iccid !== null) {
    own.push({ kind: 'iccid', value: iccid });
    own.push({ kind: 'iccidSuffix', value: iccid.slice(-SUFFIX_LENGTH) });
  }
  if (accessNumber !== null) own.push({ kind: 'accessNumber', value: accessNumber });
  return own;
}

function isPlausible(instant: number): boolean {
  return instant > EARLIEST && instant < LATEST;
}

/** Tolerates rounding between units: one megabyte, or one percent. */
function isRoughly(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(1, Math.max(one, other) / 100);
}

function checkUsage(usage: CardReport['usage'], now: number, recorder: CheckRecorder): void {
  if (!recorder.recordOptional('usage', usage) || usage === null) return;
  const { totalMb, usedMb, remainingMb, asOf } = usage;
  recorder.expect(
    'usage: no volume is negative',
    [totalMb, usedMb, remainingMb].every((mb) => mb >= 0),
  );
  recorder.expect(
    'usage: used and remaining add up to the total',
    isRoughly(Math.max(0, totalMb - usedMb), remainingMb),
  );
  recorder.expect(
    'usage.asOf: not in the future',
    asOf > EARLIEST && asOf <= now + MAX_CLOCK_AHEAD_MS,
  );
}

function checkPackages({ packages }: CardReport, recorder: CheckRecorder): void {
  for (const { name, dataMb, from, until } of packages) {
    recorder.expect('packages[].name: not empty', name !== '');
    recorder.expect('packages[].dataMb: not negative', dataMb === null || dataMb >= 0);
    const stated = [from, until].filter((instant) => instant !== null);
    const [first = 0, last = Infinity] = stated;
    recorder.expect('packages[].from, until: in order', stated.length < 2 || first < last);
    recorder.expect('packages[].from, until: plausible', stated.every(isPlausible));
  }
}

function checkStatus({ carrier, carrierCode }: CardReport, recorder: CheckRecorder): void {
  const { code, carrierTexts } = readCardStatus(carrier, carrierCode);
  const isListed = code !== 'unknown' || carrierTexts.length > 0;
  if (isListed) recorder.expect('carrierCode: a listed code', true);
  else recorder.recordUnknown(`carrierCode ${carrierCode} of the carrier ${carrier}`);
}

const everyNumberFindsSameCard: CardCheck = {
  name: { 'zh-CN': '每种卡号找到同一张卡', en: 'Every number finds the same card' },
  method: 'find',
  writes: false,
  skipReason: skipWithoutCard,
  async run(cards, facts, recorder) {
    const { ref, ...card } = await findGivenCard(cards, facts);
    recorder.recordOptional('iccid', card.iccid);
    recorder.recordOptional('accessNumber', card.accessNumber);
    recorder.recordOptional('carrier', card.carrier === 'unknown' ? null : card.carrier);
    for (const number of [...facts.numbers, ...otherNumbers({ ref, ...card })]) {
      const found = await cards.find(number);
      const isFound = found.some((each) => each.ref === ref);
      recorder.expect(`find by ${number.kind}`, isFound);
    }
  },
};

const unknownNumberFindsNothing: CardCheck = {
  name: { 'zh-CN': '没有的卡号：空结果，不是错误', en: 'An unknown number finds nothing' },
  method: 'find',
  writes: false,
  async run(cards, { unknownNumbers }, recorder) {
    for (const number of unknownNumbers) {
      const found = await cards.find(number);
      recorder.expect(`find by ${number.kind}: nothing`, found.length === 0);
    }
  },
};

const reportIsConsistent: CardCheck = {
  name: { 'zh-CN': '卡片详情自洽', en: 'A report is consistent' },
  method: 'report',
  writes: false,
  skipReason: skipWithoutCard,
  async run(cards, facts, recorder) {
    const { ref } = await findGivenCard(cards, facts);
    const report = await cards.report(ref);
    if (report === undefined) {
      recorder.recordMissing('the report of a known card');
      return;
    }
    recorder.expect('ref: the requested card', report.ref === ref);
    checkStatus(report, recorder);
    recorder.recordOptional('realName', report.realName === 'unknown' ? null : report.realName);
    checkUsage(report.usage, facts.clock(), recorder);
    if (recorder.recordOptional('expiresAt', report.expiresAt) && report.expiresAt !== null) {
      recorder.expect('expiresAt: plausible', isPlausible(report.expiresAt));
    }
    checkPackages(report, recorder);
    recorder.expect('raw: not empty', report.raw.length > 0);
  },
};

const unknownCardHasNoReport: CardCheck = {
  name: { 'zh-CN': '没有的卡没有详情', en: 'An unknown card has no report' },
  method: 'report',
  writes: false,
  async run(cards, { unknownNumbers }, recorder) {
    for (const { value } of unknownNumbers) {
      recorder.expect('no report', (await cards.report(value)) === undefined);
    }
  },
};

export const cardChecks: readonly CardCheck[] = [
  everyNumberFindsSameCard,
  unknownNumberFindsNothing,
  reportIsConsistent,
  unknownCardHasNoReport,
];
