import type { Fen } from '@shared/money';
import type { Catalogue, PlatformOffer } from '../platforms/ports';

/** A package on the shelf, at the price its customer pays. */
export interface PackageOffer extends PlatformOffer {
  price: Fen;
}

/** What is on sale for a card. */
export interface Shelf {
  categories: Catalogue['categories'];
  offers: PackageOffer[];
}
