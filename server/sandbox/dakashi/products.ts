/** A package as 大卡师 sells it to its agents. */
export interface AgentProduct {
  productNo: string;
  name: string;
  originFen: number;
  /** The price for a 黄金代理 (gold agent). */
  feeFen: number;
  dataMb: number;
  months: number;
  /** 1 basic, 2 add-on, 3 runs across months, 4 bonus. */
  level: '1' | '2' | '3' | '4';
  /** 0 valid nationwide, 1 in its province. */
  eftType: '0' | '1';
}

type Row = readonly [
  productNo: string,
  name: string,
  originFen: number,
  feeFen: number,
  dataMb: number,
  months: number,
  level: AgentProduct['level'],
  eftType: AgentProduct['eftType'],
];

const rows: readonly Row[] = [
  ['110100_1024', '物联卡 1GB 月包', 500, 300, 1024, 1, '1', '0'],
  ['110100_5120', '物联卡 5GB 月包', 1500, 1100, 5120, 1, '1', '0'],
  ['110100_20480', '物联卡 20GB 月包', 2800, 2150, 20480, 1, '1', '0'],
  ['110200_1024', '叠加包 1GB', 600, 420, 1024, 1, '2', '0'],
  ['110200_3072', '叠加包 3GB（省内）', 1000, 680, 3072, 1, '2', '1'],
  ['110300_6144', '跨月包 6GB（3 个月有效）', 2400, 1800, 6144, 3, '3', '0'],
  ['110300_24576', '跨月包 24GB（12 个月有效）', 6600, 5200, 24576, 12, '3', '0'],
  ['110400_2048', '加餐包 2GB', 700, 480, 2048, 1, '4', '0'],
];

/** Everything on sale, the same for every card. */
export const agentProducts: readonly AgentProduct[] = rows.map(
  ([productNo, name, originFen, feeFen, dataMb, months, level, eftType]) => ({
    productNo,
    name,
    originFen,
    feeFen,
    dataMb,
    months,
    level,
    eftType,
  }),
);

export function findProduct(productNo: unknown): AgentProduct | undefined {
  return agentProducts.find((product) => product.productNo === productNo);
}
