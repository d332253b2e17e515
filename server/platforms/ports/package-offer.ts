import type { Fen } from '@shared/money';

/** A package that a platform offers to the shop. */
export interface PlatformOffer {
  id: string;
  categoryId: string;
  name: string;
  kind: 'basic' | 'addOn' | 'crossMonth' | 'bonus';
  /** Null: unlimited, or the platform does not state it. */
  dataMb: number | null;
  /** The platform's retail price; null if the shop sets its own price. */
  price: Fen | null;
  /** What the package costs the shop; null if the platform does not report it. */
  cost: Fen | null;
  /** Duration in calendar months. */
  months: number;
  effective: ('now' | 'nextMonth')[];
}

/** A package that the platform lists, but that is not offered. */
export interface OmittedPackage {
  /** Null if not even its number is readable. */
  id: string | null;
  name: string | null;
  /** What is wrong with it: its invalid fields. */
  reason: string;
  /** Whether the reason is its price, or its cost to the shop. */
  isPriceUnreadable: boolean;
}

export interface PlatformCatalogue {
  categories: { id: string; name: string }[];
  offers: PlatformOffer[];
  /** Default: none. */
  omitted?: readonly OmittedPackage[];
}
