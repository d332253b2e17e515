import type { Fen } from '@shared/money';
import type { PlatformCatalogue, PlatformOffer } from '../platforms/ports';

/** A package on the shelf, at the price its customer pays. */
export interface PackageOffer extends PlatformOffer {
  price: Fen;
}

/** What is on sale for a card. */
export interface Catalogue {
  categories: PlatformCatalogue['categories'];
  offers: PackageOffer[];
}
