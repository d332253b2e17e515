import { parseYuan } from '@shared/money';
import { oddElements, oddField } from '../elements';
import type { OmittedPackage, PlatformCatalogue, PlatformOffer } from '../ports';
import type { AnswerOf, Warn } from './client';
import { operations } from './operations';

type Category = AnswerOf<'productCategories'>[number];
type Product = AnswerOf<'products'>[number];

const kinds: Readonly<Record<number, PlatformOffer['kind']>> = {
  1: 'basic',
  2: 'addOn',
  3: 'crossMonth',
  4: 'bonus',
};

const effectiveCodes: Readonly<Record<number, PlatformOffer['effective'][number]>> = {
  0: 'now',
  1: 'nextMonth',
};

function readEffectives(effectives: readonly number[]): PlatformOffer['effective'] {
  const known = effectives.flatMap((effective) => effectiveCodes[effective] ?? []);
  return [...new Set(known)];
}

/** The price is missing, zero, negative, or no whole number of fen. */
const NO_PRICE = 'no price';

/** Converts a product into an offer. Returns the reason as text if it is invalid. */
function readProduct(product: Product, categoryIds: ReadonlySet<string>): PlatformOffer | string {
  const price = parseYuan(product.price);
  if (price === undefined || price === 0) return NO_PRICE;
  const kind = kinds[product.type];
  if (kind === undefined) return 'unknown type';
  if (!categoryIds.has(product.categoryId)) return 'unknown category';
  const effective = readEffectives(product.effectives);
  if (effective.length === 0) return 'unknown start';
  const { id, categoryId, name, volumeMb: dataMb, months } = product;
  return { id, categoryId, name, kind, dataMb, price, cost: null, months, effective };
}

/** Reads the catalogue. Invalid products are left out and reported to the operator. */
export function readCatalogue(
  categories: readonly Category[],
  products: readonly Product[],
  warn: Warn,
): PlatformCatalogue {
  const categoryIds = new Set(categories.map(({ id }) => id));
  const offers: PlatformOffer[] = [];
  const omitted: OmittedPackage[] = oddElements(products).map((odd) => ({
    id: odd.id,
    name: oddField(odd, 'name'),
    reason: odd.fields.join(', '),
    isPriceUnreadable: odd.fields.includes('price'),
  }));
  for (const product of products) {
    const offer = readProduct(product, categoryIds);
    if (typeof offer !== 'string') {
      offers.push(offer);
      continue;
    }
    const { id, name } = product;
    omitted.push({ id, name, reason: offer, isPriceUnreadable: offer === NO_PRICE });
    warn('omitted a product', { operation: operations.products.id, product: id, reason: offer });
  }
  const listed = categories.map(({ id, name }) => ({ id, name }));
  return { categories: listed, offers, ...(omitted.length > 0 && { omitted }) };
}
