import type { CardPart } from '@shared/card-parts';
import type { Carrier } from '@shared/carrier-status';

/** A card as its platform identifies it. */
export interface PlatformCard {
  /** The platform's identifier of the card, used in every query about it. */
  ref: string;
  /** Normalized; null if the platform discloses only its last digits. */
  iccid: string | null;
  accessNumber: string | null;
  carrier: Carrier;
}

export interface CardPackage {
  name: string;
  /** Null: unlimited, or the platform does not state it. */
  dataMb: number | null;
  state: 'current' | 'queued' | 'expired';
  /** Epoch milliseconds; null if the platform states none. */
  from: number | null;
  until: number | null;
}

/** Everything a platform reports about a card at one moment. */
export interface CardReport extends PlatformCard {
  carrierCode: string;
  realName: 'verified' | 'unverified' | 'unknown';
  /** Volumes in MB, instant in epoch ms; null if the platform reports none. */
  usage: { totalMb: number; usedMb: number; remainingMb: number; asOf: number } | null;
  expiresAt: number | null;
  packages: CardPackage[];
  /**
   * The parts that the platform did not answer, or not in a readable way. Such a part has the value for "not
   * known": an empty `carrierCode`, `unknown`, null, or no packages. Parts that the platform never reports
   * are not among them. Default: none.
   */
  unreadable?: readonly CardPart[];
  /** The answers this report was read from, for staff. They hold no real-name data. */
  raw: { operation: string; answer: unknown }[];
}
