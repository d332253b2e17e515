/** Values as real platforms put them into their answers. */

/** A product as the platform lists it, on sale or on a card. */
type Fields = Readonly<Record<string, unknown>>;

/** A product that the vendor forgot in the list: no customer can buy it. Always there. */
export const forgottenProduct: Fields = {
  product_no: '110100_0',
  name: '测试套餐',
  origin_price: '0.00',
  fee: '0.00',
  data_value: '-1',
  month: '0',
  level: '1',
  eft_type: '0',
};

/** Changes of products on sale under the fault `dakashiOddElements`, in turn. */
const oddProducts: readonly Fields[] = [
  { data_value: -1 },
  { name: '\u200E套餐\u0000\t' },
  { month: 0 },
  { fee: '3.005' },
  { fee: '-1' },
  { name: '\uFFFD\uFFFD' },
];

/** Changes of held products under the fault `dakashiOddElements`, in turn. */
const oddHeld: readonly Fields[] = [
  { end_time: '0000-00-00', data_value: '-1' },
  { end_time: '' },
  { name: '\uFFFD\uFFFD' },
];

/** Applies the changes to the elements of a list in turn. */
function change(items: readonly Fields[], changes: readonly Fields[]): Fields[] {
  return items.map((item, index) => ({ ...item, ...changes[index % changes.length] }));
}

export function withOddProducts(products: readonly Fields[]): Fields[] {
  return change(products, oddProducts);
}

export function withOddHeld(products: readonly Fields[]): Fields[] {
  return change(products, oddHeld);
}

/** A held product as the platform writes every second one: with a time of day and a trailing tab. */
export function withTimeOfDay(products: readonly Fields[]): Fields[] {
  return products.map((product, index) =>
    index % 2 === 1
      ? product
      : {
          ...product,
          name: `${String(product.name)}\t`,
          end_time: `${String(product.end_time)} 23:59:59`,
        },
  );
}

/** An amount with fractions of a fen, as sums of floating-point numbers have them. */
export function withFractions(yuan: string): string {
  const [whole = '', fen = ''] = yuan.split('.');
  return `${whole.replace(/(?<=\d)(?=(?:\d{3})+$)/g, ',')}.${fen}49999999`;
}
