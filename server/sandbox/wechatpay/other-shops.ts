/** A trade of another shop that uses the same merchant account, as a bill lists it. */
export interface OtherShopTrade {
  /** Of the mini-program, or of another one. */
  isSameApp: boolean;
  orderNumber: string;
  transactionId: string;
  state: 'SUCCESS' | 'REVOKED';
  amountFen: number;
  goods: string;
  attach: string;
}

/**
 * What other shops under a merchant account sell: a counter that scans payment codes with the same app id, and
 * other mini-programs. Their goods names hold what separates the values and rows of a bill.
 */
export const otherShopTrades: readonly OtherShopTrade[] = [
  {
    isSameApp: true,
    orderNumber: 'COUNTER0000000001',
    transactionId: '4200009999000000000000000001',
    state: 'REVOKED',
    amountFen: 900,
    goods: '门店收银',
    attach: '',
  },
  {
    isSameApp: true,
    orderNumber: 'COUNTER0000000002',
    transactionId: '4200009999000000000000000002',
    state: 'SUCCESS',
    amountFen: 1_250,
    goods: '拿铁,大杯,"少冰"',
    attach: 'desk,`7',
  },
  {
    isSameApp: false,
    orderNumber: '20260101-000777',
    transactionId: '4200009999000000000000000003',
    state: 'SUCCESS',
    amountFen: 6_600,
    goods: '礼盒\r\n总交易单数,`1\n（含“贺卡”）',
    attach: '',
  },
];
