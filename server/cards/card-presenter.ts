import { maskNumber } from '@shared/card-number';
import type { Carrier } from '@shared/carrier-status';
import { readCardStatus } from '@shared/carrier-status';
import type { Card } from '@shared/contract';
import type { Language } from '@shared/language';
import type { CardReport, CardPackage } from '../platforms/ports';
import { rfc3339 } from '../lib/rfc3339';

/** A card ready to be shown: what the platform said, when, and what ties it to the reader. */
export interface CardView {
  id: string;
  platform: string;
  /** What its platform calls it. */
  ref: string;
  iccid: string | null;
  /** As the platform or the ICCID tells it. */
  carrier: Carrier;
  report: CardReport;
  fetchedAt: number;
  inWallet: boolean;
  nickname: string | null;
  /** The device it is tied to. */
  deviceId: string | null;
  /** Whether the shop has a platform for devices. */
  hasDevices: boolean;
}

export function presentSubscription({ name, dataMb, state, from, until }: CardPackage) {
  return { name, dataMb, state, from: rfc3339(from), until: rfc3339(until) };
}

/** A card as clients see it; its numbers whole only for its holder and for staff. */
export function presentCard(
  view: CardView,
  { language, showNumbers = false }: { language: Language; showNumbers?: boolean },
): Card {
  const { report } = view;
  const status = readCardStatus(report.carrier, report.carrierCode);
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
      advice: status.advice[language],
      carrierCode: status.carrierCode,
      carrierTexts: [...status.carrierTexts],
    },
    realName: report.realName,
    usage: report.usage && { ...report.usage, asOf: rfc3339(report.usage.asOf) },
    expiresAt: report.expiresAt === null ? null : rfc3339(report.expiresAt),
    currentPackage: current ? presentSubscription(current) : null,
    queuedPackages: report.packages.filter(({ state }) => state === 'queued').length,
    inWallet: view.inWallet,
    nickname: view.nickname,
    canBuy: status.canBuy,
    blockedReason: status.canBuy ? null : status.advice[language],
    fetchedAt: rfc3339(view.fetchedAt),
    deviceId: isUnmasked && view.hasDevices ? view.deviceId : null,
    canTieDevice: isUnmasked && view.hasDevices,
  };
}
