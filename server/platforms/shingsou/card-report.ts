import { parseBeijing } from '@shared/beijing-time';
import { isSameIccid } from '@shared/card-number';
import { PlatformUnavailable } from '../ports';
import type { CardReport, CardPackage, PlatformCard } from '../ports';
import type { AnswerOf, Warn } from './client';
import { operations } from './operations';
import { instantOf, readCard } from './field-readers';

type Detail = AnswerOf<'flowCardDetail'>;
type Data = AnswerOf<'flowCardData'>;
type Status = AnswerOf<'flowCardStatus'>;

/** The answers about one card that its report is read from. */
export interface CardAnswers {
  detail: Detail;
  status: Status;
  /** Undefined if the usage query failed. */
  data: Data | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;

const packageStates: Readonly<Record<number, CardPackage['state']>> = {
  1: 'current',
  2: 'expired',
  3: 'queued',
};

const realNameStates: Readonly<Record<number, CardReport['realName']>> = {
  0: 'unverified',
  1: 'verified',
};

/** `lastDay` is the last day the card works, so it expires with that day's last millisecond in Beijing. */
function readExpiry(lastDay: string | null): number | null {
  return lastDay === null ? null : instantOf(lastDay) + DAY_MS - 1;
}

/** The remaining volume is never negative. */
function readUsage(data: Data | undefined): CardReport['usage'] {
  const asOf = data === undefined ? undefined : parseBeijing(data.updatedAt);
  if (data === undefined || asOf === undefined) return null;
  const { totalMb, usedMb, leftMb } = data;
  return { totalMb, usedMb, remainingMb: Math.max(0, leftMb), asOf };
}

function readPackages(packages: Detail['packages'], warn: Warn): CardPackage[] {
  return packages.flatMap((cardPackage) => {
    const state = packageStates[cardPackage.state];
    if (state === undefined) {
      warn('omitted a package of the card', {
        operation: operations.flowCardDetail.id,
        reason: 'unknown state',
      });
      return [];
    }
    const from = instantOf(cardPackage.startTime);
    return [
      {
        name: cardPackage.name,
        dataMb: cardPackage.volumeMb,
        state,
        from,
        until: instantOf(cardPackage.endTime),
      },
    ];
  });
}

/** The answers by operation. They hold no real-name data, because the schemas drop undeclared fields. */
function readRaw({ detail, status, data }: CardAnswers): CardReport['raw'] {
  const raw = [
    { operation: operations.flowCardDetail.id, answer: detail },
    { operation: operations.flowCardStatus.id, answer: status },
  ];
  return data === undefined
    ? raw
    : [...raw, { operation: operations.flowCardData.id, answer: data }];
}

/**
 * The card of a detail answer.
 * @throws PlatformUnavailable if it is not the requested card
 */
export function readRequestedCard(
  detail: Detail,
  isRequested: (card: PlatformCard) => boolean,
): PlatformCard {
  const card = readCard(detail);
  if (card === undefined || !isRequested(card)) {
    throw new PlatformUnavailable(
      `shingsou ${operations.flowCardDetail.id}: answered about another card`,
    );
  }
  return card;
}

/** @throws PlatformUnavailable if the answers are about another card or have an invalid date */
export function readReport(iccid: string, answers: CardAnswers, warn: Warn): CardReport {
  const { detail, status, data } = answers;
  return {
    ...readRequestedCard(detail, ({ ref }) => isSameIccid(ref, iccid)),
    ref: iccid,
    carrierCode: status.status,
    realName: detail.realName === null ? 'unknown' : (realNameStates[detail.realName] ?? 'unknown'),
    usage: readUsage(data),
    expiresAt: readExpiry(detail.expireTime),
    packages: readPackages(detail.packages, warn),
    raw: readRaw(answers),
  };
}
