import { parseCost } from '@shared/money';
import { oddElements, oddField } from '../elements';
import type { OmittedPackage, PlatformCatalogue, PlatformOffer } from '../ports';
import type { AnswerOf, Warn } from './client';
import { operations } from './operations';

type Product = AnswerOf<'products'>['packages'][number];

/** Package levels (api-doc, 套餐级别), in the platform's words and ours. */
const levels: Readonly<Record<string, { name: string; kind: PlatformOffer['kind'] }>> = {
  '1': { name: '基础包', kind: 'basic' },
  '2': { name: '叠加包', kind: 'addOn' },
  '3': { name: '跨月包', kind: 'crossMonth' },
  '4': { name: '加餐包', kind: 'bonus' },
};

/** Where a package can be used (api-doc, 有效类型); nationwide if missing. */
const areas: Readonly<Record<string, string>> = { '0': '', '1': ' · 省内' };

/**
 * ASSUMED: every package can start now or next month. /recharge takes both (api-doc, 生效类型), and the document
 * does not restrict them to certain packages.
 */
const effective: PlatformOffer['effective'] = ['now', 'nextMonth'];

interface CatalogueEntry {
  category: PlatformCatalogue['categories'][number];
  offer: PlatformOffer;
}

const NO_COST = 'no cost';

/** Converts a product into an offer. Returns the reason as text if it is invalid. */
function readProduct(product: Product): CatalogueEntry | string {
  const level = levels[product.level];
  if (level === undefined) return 'unknown level';
  const eft = product.eft_type ?? '0';
  const area = areas[eft];
  if (area === undefined) return 'unknown area';
  // The cost must be known, because nothing is sold below cost.
  const cost = parseCost(product.fee);
  if (cost === undefined) return NO_COST;
  const months = Number(product.month);
  if (months < 1 || months > 120) return 'no duration';
  const category = { id: `${product.level}-${eft}`, name: `${level.name}${area}` };
  const { product_no: id, name, data_value: dataMb } = product;
  const offer = { id, categoryId: category.id, name, kind: level.kind, dataMb, months, effective };
  return { category, offer: { ...offer, price: null, cost } };
}

/**
 * Reads the catalogue, with one category per level and area. Invalid products and duplicate product numbers are
 * left out and reported to the operator.
 */
export function readCatalogue(products: readonly Product[], warn: Warn): PlatformCatalogue {
  const categories = new Map<string, PlatformCatalogue['categories'][number]>();
  const offers: PlatformOffer[] = [];
  const omitted: OmittedPackage[] = oddElements(products).map((odd) => ({
    id: odd.id,
    name: oddField(odd, 'name'),
    reason: odd.fields.join(', '),
    isPriceUnreadable: odd.fields.includes('fee'),
  }));
  const skipProduct = ({ product_no: id, name }: Product, reason: string) => {
    omitted.push({ id, name, reason, isPriceUnreadable: reason === NO_COST });
    warn('omitted a product', { operation: operations.products.id, product: id, reason });
  };
  for (const product of products) {
    const isDuplicate =
      products.filter(({ product_no }) => product_no === product.product_no).length > 1;
    const entry = isDuplicate ? 'duplicate number' : readProduct(product);
    if (typeof entry === 'string') {
      skipProduct(product, entry);
    } else {
      categories.set(entry.category.id, entry.category);
      offers.push(entry.offer);
    }
  }
  const sorted = [...categories.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return { categories: sorted, offers, ...(omitted.length > 0 && { omitted }) };
}
