import type { Fen } from '@shared/money';

/** A package that a platform offers to the shop. */
export interface PlatformOffer {
  id: string;
  categoryId: string;
  name: string;
  kind: 'basic' | 'addOn' | 'crossMonth' | 'bonus';
  dataMb: number;
  /** The platform's retail price; null if the shop sets its own price. */
  price: Fen | null;
  /** What the package costs the shop; null if the platform does not report it. */
  cost: Fen | null;
  /** Duration in calendar months. */
  months: number;
  effective: ('now' | 'nextMonth')[];
}

export interface PlatformCatalogue {
  categories: { id: string; name: string }[];
  offers: PlatformOffer[];
}
