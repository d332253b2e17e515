import { categories } from '../seed/products';
import type { SimCard } from '../state';

/** Values as real platforms put them into their answers. */

/** A product or held package as the gateway lists it. */
type Fields = Readonly<Record<string, unknown>>;

const volumeUnstated = { volumeMb: -1 };
/** From a right-to-left mark to a trailing tab. */
const oddName = ({ name }: Fields) => ({ name: `\u202E${String(name)}\u0000\t` });

/** A test product that the vendor forgot in the list: no customer can buy it. Always there. */
export function forgottenProduct({ categoryIds }: SimCard) {
  const categoryId = categoryIds[0] ?? categories[0]?.id ?? '';
  return {
    id: `${categoryId}00`,
    categoryId,
    name: '测试套餐',
    price: '0.00',
    volume: '',
    volumeMb: -1,
    type: 1,
    months: 0,
    effectives: [0],
  };
}

/** Changes of products under the fault `oddElements`, in turn. */
const oddProducts: readonly ((product: Fields) => Fields)[] = [
  () => volumeUnstated,
  oddName,
  () => ({ months: 0 }),
  ({ volumeMb }) => ({ volumeMb: `${String(volumeMb)}.0` }),
  () => ({ name: '\uFFFD\uFFFD套餐' }),
];

/** Changes of held packages under the fault `oddElements`, in turn. */
const oddPackages: readonly ((held: Fields) => Fields)[] = [
  () => ({ endTime: '0001-01-01', ...volumeUnstated }),
  oddName,
  () => ({ endTime: '' }),
];

/** Notations of prices under the fault `oddPrices`, in turn; the second and the last have no whole fen. */
const oddPrices: readonly ((price: string) => unknown)[] = [
  (price) => `${price}0`,
  (price) => `${price}5`,
  (price) => Number(price),
  () => '',
];

/** Applies the changes to the elements of a list in turn. */
function change<Item extends Fields>(
  items: readonly Item[],
  changes: readonly ((item: Item) => Fields)[],
): Fields[] {
  return items.map((item, index) => ({ ...item, ...changes[index % changes.length]?.(item) }));
}

export function withOddProducts(products: readonly Fields[]): Fields[] {
  return change(products, oddProducts);
}

export function withOddPackages(packages: readonly Fields[]): Fields[] {
  return change(packages, oddPackages);
}

export function withOddPrices(products: readonly (Fields & { price: string })[]): Fields[] {
  const changes = oddPrices.map((write) => (product: { price: string }) => ({
    price: write(product.price),
  }));
  return change(products, changes);
}
