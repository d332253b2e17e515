import type { SimCard } from '../state';

export interface Category {
  id: string;
  name: string;
  carrier: SimCard['carrier'];
}

export interface Product {
  id: string;
  categoryId: string;
  name: string;
  priceFen: number;
  /** As the platform prints it, such as `2GB`. */
  volume: string;
  volumeMb: number;
  /** 1 basic, 2 add-on, 3 runs across months, 4 bonus. */
  type: 1 | 2 | 3 | 4;
  months: number;
  /** 0 at once, 1 from next month. */
  effectives: (0 | 1)[];
}

/** What is in a category: `[volume in MB, price in fen, months, name]`. */
type Row = readonly [volumeMb: number, priceFen: number, months: number, name: string];

interface SeedCategory extends Category {
  type: Product['type'];
  rows: readonly Row[];
}

const GB = 1024;

const seedCategories: readonly SeedCategory[] = [
  {
    id: '1101',
    name: '电信 - 月清零',
    carrier: 'telecom',
    type: 1,
    rows: [
      [2 * GB, 990, 1, '轻享月包 2GB'],
      [10 * GB, 1900, 1, '畅用月包 10GB'],
      [30 * GB, 2900, 1, '畅用月包 30GB'],
      [60 * GB, 3900, 1, '大流量月包 60GB'],
      [100 * GB, 4990, 1, '大流量月包 100GB'],
      [200 * GB, 7900, 1, '超大流量月包 200GB'],
    ],
  },
  {
    id: '1102',
    name: '电信 - 累计',
    carrier: 'telecom',
    type: 3,
    rows: [
      [12 * GB, 2900, 3, '季度累计包 12GB'],
      [36 * GB, 6800, 6, '半年累计包 36GB'],
      [72 * GB, 11900, 12, '全年累计包 72GB'],
      [150 * GB, 19900, 12, '全年累计包 150GB'],
    ],
  },
  {
    id: '1103',
    name: '电信 - 加油包',
    carrier: 'telecom',
    type: 2,
    rows: [
      [500, 590, 1, '应急加油包 500MB'],
      [1 * GB, 800, 1, '加油包 1GB'],
      [5 * GB, 1500, 1, '加油包 5GB'],
      [10 * GB, 2200, 1, '加油包 10GB'],
    ],
  },
  {
    id: '1104',
    name: '电信 - 加餐包',
    carrier: 'telecom',
    type: 4,
    rows: [
      [3 * GB, 690, 1, '假日加餐包 3GB'],
      [6 * GB, 990, 1, '假日加餐包 6GB'],
      [15 * GB, 1690, 1, '夜间加餐包 15GB'],
      [20 * GB, 1990, 1, '夜间加餐包 20GB'],
    ],
  },
  {
    id: '1201',
    name: '移动 - 月清零',
    carrier: 'mobile',
    type: 1,
    rows: [
      [1 * GB, 890, 1, '安心月包 1GB'],
      [6 * GB, 1500, 1, '安心月包 6GB'],
      [20 * GB, 2600, 1, '优享月包 20GB'],
      [50 * GB, 3800, 1, '优享月包 50GB'],
      [100 * GB, 5200, 1, '尊享月包 100GB'],
    ],
  },
  {
    id: '1202',
    name: '移动 - 累计',
    carrier: 'mobile',
    type: 3,
    rows: [
      [6 * GB, 2500, 3, '季度累计包 6GB'],
      [24 * GB, 5900, 6, '半年累计包 24GB'],
      [60 * GB, 10900, 12, '全年累计包 60GB'],
      [120 * GB, 18800, 12, '全年累计包 120GB'],
    ],
  },
  {
    id: '1203',
    name: '移动 - 加油包',
    carrier: 'mobile',
    type: 2,
    rows: [
      [500, 600, 1, '应急加油包 500MB'],
      [2 * GB, 990, 1, '加油包 2GB'],
      [5 * GB, 1690, 1, '加油包 5GB'],
      [10 * GB, 2490, 1, '加油包 10GB'],
    ],
  },
  {
    id: '1301',
    name: '联通 - 月清零',
    carrier: 'unicom',
    type: 1,
    rows: [
      [3 * GB, 1000, 1, '随行月包 3GB'],
      [10 * GB, 1800, 1, '随行月包 10GB'],
      [40 * GB, 3300, 1, '随行月包 40GB'],
      [80 * GB, 4500, 1, '大流量月包 80GB'],
      [160 * GB, 6900, 1, '大流量月包 160GB'],
    ],
  },
  {
    id: '1302',
    name: '联通 - 累计',
    carrier: 'unicom',
    type: 3,
    rows: [
      [10 * GB, 2800, 3, '季度累计包 10GB'],
      [30 * GB, 6200, 6, '半年累计包 30GB'],
      [80 * GB, 12900, 12, '全年累计包 80GB'],
      [160 * GB, 19900, 12, '全年累计包 160GB'],
    ],
  },
  {
    id: '1303',
    name: '联通 - 加油包',
    carrier: 'unicom',
    type: 2,
    rows: [
      [500, 590, 1, '应急加油包 500MB'],
      [1 * GB, 790, 1, '加油包 1GB'],
      [3 * GB, 1200, 1, '加油包 3GB'],
      [8 * GB, 1990, 1, '加油包 8GB'],
    ],
  },
];

/** Add-ons and bonuses start at once; the others may also start next month. */
const effectivesOf: Readonly<Record<Product['type'], (0 | 1)[]>> = {
  1: [0, 1],
  2: [0],
  3: [0, 1],
  4: [0],
};

function volumeLabel(megabytes: number): string {
  return megabytes % GB === 0 ? `${String(megabytes / GB)}GB` : `${String(megabytes)}MB`;
}

function productsOf(category: SeedCategory): Product[] {
  return category.rows.map(([volumeMb, priceFen, months, name], position) => ({
    id: `${category.id}${String(position + 1).padStart(2, '0')}`,
    categoryId: category.id,
    name,
    priceFen,
    volume: volumeLabel(volumeMb),
    volumeMb,
    type: category.type,
    months,
    effectives: effectivesOf[category.type],
  }));
}

/** All categories. */
export const categories: readonly Category[] = seedCategories.map(({ id, name, carrier }) => ({
  id,
  name,
  carrier,
}));

/** Everything on sale. */
export const products: readonly Product[] = seedCategories.flatMap(productsOf);

/** What is on sale for a card. */
export function productsFor(card: SimCard): Product[] {
  return products.filter(({ categoryId }) => card.categoryIds.includes(categoryId));
}
