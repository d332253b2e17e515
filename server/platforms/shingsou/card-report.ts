import { parseBeijing } from '@shared/beijing-time';
import type { CardPart } from '@shared/card-parts';
import { cardParts } from '@shared/card-parts';
import { endOf, startOf } from '../answer-fields';
import { isSameIccid } from '@shared/card-number';
import { PlatformUnavailable } from '../ports';
import type { CardReport, CardPackage, PlatformCard } from '../ports';
import type { AnswerOf, Warn } from './client';
import { operations } from './operations';
import { readCard } from './field-readers';

type Detail = AnswerOf<'flowCardDetail'>;
type Data = AnswerOf<'flowCardData'>;
type Status = AnswerOf<'flowCardStatus'>;

/** The answers about one card that its report is read from; undefined if a query failed. */
export interface CardAnswers {
  detail: Detail;
  status: Status | undefined;
  data: Data | undefined;
}

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
function readExpiry(lastDay: Detail['expireTime']): number | null {
  return lastDay === null || lastDay === undefined ? null : endOf(lastDay);
}

/** The remaining volume is never negative. There is no usage of an unlimited or unknown volume. */
function readUsage({ totalMb, usedMb, leftMb, updatedAt }: Data): CardReport['usage'] {
  const asOf = parseBeijing(updatedAt);
  if (asOf === undefined || totalMb === null || usedMb === null) return null;
  return { totalMb, usedMb, remainingMb: Math.max(0, leftMb), asOf };
}

function readPackages(packages: Detail['packages'], warn: Warn): CardPackage[] {
  return (packages ?? []).flatMap((cardPackage) => {
    const state = packageStates[cardPackage.state];
    if (state === undefined) {
      warn('omitted a package of the card', {
        operation: operations.flowCardDetail.id,
        reason: 'unknown state',
      });
      return [];
    }
    const { name, volumeMb: dataMb, startTime, endTime } = cardPackage;
    return [
      {
        name,
        dataMb,
        state,
        from: startTime === null ? null : startOf(startTime),
        until: endTime === null ? null : endOf(endTime),
      },
    ];
  });
}

/** The parts of the report that were not answered, or not in a readable way. */
function findUnreadable({ detail, status, data }: CardAnswers): CardPart[] {
  const missing: Readonly<Record<CardPart, boolean>> = {
    status: status === undefined,
    usage: data === undefined || parseBeijing(data.updatedAt) === undefined,
    packages: detail.packages === undefined,
    realName: detail.realName === undefined,
    expiry: detail.expireTime === undefined,
  };
  return cardParts.filter((part) => missing[part]);
}

/** The answers by operation. They hold no real-name data, because the schemas drop undeclared fields. */
function readRaw({ detail, status, data }: CardAnswers): CardReport['raw'] {
  const answers = [
    { operation: operations.flowCardDetail.id, answer: detail },
    { operation: operations.flowCardStatus.id, answer: status },
    { operation: operations.flowCardData.id, answer: data },
  ];
  return answers.filter(({ answer }) => answer !== undefined);
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

/** @throws PlatformUnavailable if the answers are about another card */
export function readReport(iccid: string, answers: CardAnswers, warn: Warn): CardReport {
  const { detail, status, data } = answers;
  const unreadable = findUnreadable(answers);
  const operation = operations.flowCardDetail.id;
  if (unreadable.length > 0) warn('a part of a card is unreadable', { operation, unreadable });
  return {
    ...readRequestedCard(detail, ({ ref }) => isSameIccid(ref, iccid)),
    ref: iccid,
    carrierCode: status?.status ?? '',
    realName: realNameStates[detail.realName ?? -1] ?? 'unknown',
    usage: data ? readUsage(data) : null,
    expiresAt: readExpiry(detail.expireTime),
    packages: readPackages(detail.packages, warn),
    ...(unreadable.length > 0 && { unreadable }),
    raw: readRaw(answers),
  };
}
