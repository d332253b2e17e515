import { parseYuan } from '@shared/money';
import type { PlatformCatalogue, PlatformOffer } from '../ports';
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

/** Where a package may be used (api-doc, 有效类型); not told means the whole country. */
const areas: Readonly<Record<string, string>> = { '0': '', '1': ' · 省内' };

/**
 * ASSUMED: every package may begin at once or next month. /recharge takes either (api-doc, 生效类型), and
 * nothing says of which packages.
 */
const effective: PlatformOffer['effective'] = ['now', 'nextMonth'];

interface CatalogueEntry {
  category: PlatformCatalogue['categories'][number];
  offer: PlatformOffer;
}

/** A product as an offer of ours, or why it is none. */
function readProduct(product: Product): CatalogueEntry | string {
  const level = levels[product.level];
  if (level === undefined) return 'unknown level';
  const eft = product.eft_type ?? '0';
  const area = areas[eft];
  if (area === undefined) return 'unknown area';
  // What it costs has to be known: nothing is sold under cost.
  const cost = parseYuan(product.fee);
  if (cost === undefined) return 'no cost';
  const months = Number(product.month);
  if (months < 1 || months > 120) return 'no duration';
  const category = { id: `${product.level}-${eft}`, name: `${level.name}${area}` };
  const { product_no: id, name, data_value: dataMb } = product;
  const offer = { id, categoryId: category.id, name, kind: level.kind, dataMb, months, effective };
  return { category, offer: { ...offer, price: null, cost } };
}

/**
 * The shelf as the platform gives it, each level a category. What cannot be understood whole is not sold,
 * and warned about; neither is a product number that stands there twice.
 */
export function readCatalogue(products: readonly Product[], warn: Warn): PlatformCatalogue {
  const categories = new Map<string, PlatformCatalogue['categories'][number]>();
  const offers: PlatformOffer[] = [];
  const skipProduct = (product: Product, reason: string) =>
    warn('product left out', {
      operation: operations.products.id,
      product: product.product_no,
      reason,
    });
  for (const product of products) {
    const isDuplicate =
      products.filter(({ product_no }) => product_no === product.product_no).length > 1;
    const entry = isDuplicate ? 'its number stands there twice' : readProduct(product);
    if (typeof entry === 'string') {
      skipProduct(product, entry);
    } else {
      categories.set(entry.category.id, entry.category);
      offers.push(entry.offer);
    }
  }
  const sorted = [...categories.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return { categories: sorted, offers };
}
