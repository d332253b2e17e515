import { maskNumber } from '@shared/card-number';
import { readCardStatus } from '@shared/carrier-status';
import type { Card } from '@shared/contract';
import type { Language } from '@shared/language';
import { rfc3339 } from '../lib/rfc3339';
import type { CardPackage } from '../platforms/ports';
import type { CardView } from './card-view';
import { cardBlock, statusUnknownText } from './purchase-block';
import { isPartKnown, unreadablePartsOf } from './report-parts';

function rfc3339OrNull(instant: number | null): string | null {
  return instant === null ? null : rfc3339(instant);
}

export function presentSubscription({ name, dataMb, state, from, until }: CardPackage) {
  return { name, dataMb, state, from: rfc3339OrNull(from), until: rfc3339OrNull(until) };
}

/** Presents a card. Its numbers are masked unless it is in the user's wallet or `showNumbers` (staff). */
export function presentCard(
  view: CardView,
  { language, showNumbers = false }: { language: Language; showNumbers?: boolean },
): Card {
  const { report } = view;
  const status = readCardStatus(report.carrier, report.carrierCode);
  const block = cardBlock(view);
  const isUnmasked = view.inWallet || showNumbers;
  const displayNumber = isUnmasked ? (text: string) => text : maskNumber;
  const current = report.packages.find(({ state }) => state === 'current');
  return {
    id: view.id,
    number: displayNumber(view.iccid ?? view.ref),
    iccid: view.iccid === null ? null : displayNumber(view.iccid),
    accessNumber: report.accessNumber === null ? null : displayNumber(report.accessNumber),
    carrier: view.carrier,
    platform: view.platform,
    status: {
      code: status.code,
      label: status.label[language],
      advice: (isPartKnown(view, 'status') ? status.advice : statusUnknownText)[language],
      carrierCode: status.carrierCode,
      carrierTexts: [...status.carrierTexts],
    },
    realName: report.realName,
    usage: report.usage && { ...report.usage, asOf: rfc3339(report.usage.asOf) },
    expiresAt: rfc3339OrNull(report.expiresAt),
    currentPackage: current ? presentSubscription(current) : null,
    queuedPackages: report.packages.filter(({ state }) => state === 'queued').length,
    inWallet: view.inWallet,
    nickname: view.nickname,
    canBuy: block === undefined,
    blockedReason: block?.[language] ?? null,
    fetchedAt: rfc3339(view.fetchedAt),
    unreadable: unreadablePartsOf(view).map(({ part, lastKnownAt }) => ({
      part,
      lastKnownAt: rfc3339OrNull(lastKnownAt),
    })),
    deviceId: isUnmasked && view.hasDevices ? view.deviceId : null,
    canTieDevice: isUnmasked && view.hasDevices,
  };
}
