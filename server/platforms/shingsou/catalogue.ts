import { parseYuan } from '@shared/money';
import type { PlatformCatalogue, PlatformOffer } from '../ports';
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

/** Converts a product into an offer. Returns the reason as text if it is invalid. */
function readProduct(product: Product, categoryIds: ReadonlySet<string>): PlatformOffer | string {
  const price = parseYuan(product.price);
  if (price === undefined || price === 0) return 'no price';
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
  for (const product of products) {
    const offer = readProduct(product, categoryIds);
    if (typeof offer === 'string') {
      warn('omitted a product', {
        operation: operations.products.id,
        product: product.id,
        reason: offer,
      });
    } else {
      offers.push(offer);
    }
  }
  return { categories: categories.map(({ id, name }) => ({ id, name })), offers };
}
