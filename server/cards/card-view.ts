import type { Carrier } from '@shared/carrier-status';
import { carriers } from '@shared/carrier-status';
import type { CardPlatforms } from '../platforms/card-platforms';
import type { CardReport } from '../platforms/ports';
import type { CardRow } from '../store/schema';
import type { CardOfUser } from './card-queries';
import type { FetchedReport } from './report-parts';

/** A card with its report, and how it is related to the user who reads it. */
export interface CardView extends FetchedReport {
  id: string;
  platform: string;
  /** The platform's own number of the card. */
  ref: string;
  iccid: string | null;
  carrier: Carrier;
  inWallet: boolean;
  nickname: string | null;
  /** The device that the card is bound to. */
  deviceId: string | null;
  /** Whether a device platform is configured. */
  hasDevices: boolean;
  /** Whether the card's packages must be readable before an order, as evidence of its delivery. */
  needsPackages: boolean;
}

/** A report that was queried by the platform's own number may lack the carrier that the search found. */
function carrierOf(card: CardRow, { carrier }: CardReport): Carrier {
  if (carrier !== 'unknown') return carrier;
  return carriers.find((known) => known === card.carrier) ?? 'unknown';
}

/** @param card with the relation to a user; without it, the view of staff */
export function toCardView(
  card: CardRow & Partial<CardOfUser>,
  fetched: FetchedReport,
  { hasDevices, platforms }: { hasDevices: boolean; platforms: CardPlatforms },
): CardView {
  return {
    id: card.id,
    platform: card.platform,
    ref: card.ref,
    iccid: card.iccid,
    carrier: carrierOf(card, fetched.report),
    ...fetched,
    inWallet: card.in_wallet === 1,
    nickname: card.nickname ?? null,
    deviceId: card.device_id ?? null,
    hasDevices,
    needsPackages: platforms.find(card.platform)?.packageSnapshot !== undefined,
  };
}
