import type { Fen } from '@shared/money';
import type { OmittedPackage, PlatformCatalogue, PlatformOffer } from '../platforms/ports';

/** A package on sale, at the price that customers pay. */
export interface PackageOffer extends PlatformOffer {
  price: Fen;
}

/** The packages on sale for a card, with their categories. */
export interface Catalogue {
  categories: PlatformCatalogue['categories'];
  offers: PackageOffer[];
  /** The packages that are not offered, because they are unreadable. */
  omitted: readonly OmittedPackage[];
}
