/** Complete, valid `data` of answers, as the operation table describes them. All identifiers are made up. */

export const ICCID = '8986031234567890123A';
export const ACCESS_NUMBER = '1064912345678';
export const ORDER_NUMBER = 'LK20260301000001';
export const REFUND_NUMBER = 'LR20260301000001';

export const listed = { iccid: ICCID, accessNo: ACCESS_NUMBER, operator: '电信' };

export const detail = {
  ...listed,
  realName: 1,
  expireTime: '2026-12-31',
  packages: [
    {
      productId: 'p1',
      name: '月包 2GB',
      volumeMb: 2048,
      startTime: '2026-03-01 00:00:00',
      endTime: '2026-03-31 23:59:59',
      state: 1,
    },
    {
      productId: 'p2',
      name: '次月包 5GB',
      volumeMb: 5120,
      startTime: '2026-04-01 00:00:00',
      endTime: '2026-04-30 23:59:59',
      state: 3,
    },
  ],
};

export const data = {
  totalMb: 2048,
  usedMb: 1270.5,
  leftMb: 777.5,
  updatedAt: '2026-03-15 12:00:00',
};

export const status = { status: '100001' };

export const categories = [
  { id: 'c1', name: '电信 - 月清零' },
  { id: 'c2', name: '电信 - 加餐' },
];

export const products = [
  {
    id: 'p1',
    categoryId: 'c1',
    name: '2GB 月包',
    price: '18.00',
    volume: '2GB',
    volumeMb: 2048,
    type: 1,
    months: 1,
    effectives: [0, 1],
  },
  {
    id: 'p2',
    categoryId: 'c2',
    name: '500MB 加餐',
    price: '5.90',
    volume: '500MB',
    volumeMb: 500,
    type: 4,
    months: 1,
    effectives: [0],
  },
];

export const registered = {
  orderNo: 'XY0001',
  outTradeNo: ORDER_NUMBER,
  totalAmount: '18.00',
};

export const paymentRequest = {
  appId: 'wx0123456789abcdef',
  timeStamp: '1772332800',
  nonceStr: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
  package: 'prepay_id=wx2017033010242291fcfe0db70013231072',
  signType: 'MD5',
  paySign: '22D9B4E54AB1950F51E0649E8810ACD6',
};

export const paidTrade = {
  outTradeNo: ORDER_NUMBER,
  tradeState: 'SUCCESS',
  transactionId: '4200001234202603011234567890',
  totalAmount: '18.00',
  openId: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  timeEnd: '2026-03-01 08:00:00',
};

export const refund = {
  outRefundNo: REFUND_NUMBER,
  refundAmount: '18.00',
  status: 'PROCESSING',
};

export const platformOrder = {
  orderNo: 'XY0001',
  outTradeNo: ORDER_NUMBER,
  iccid: ICCID,
  productId: 'p1',
  totalAmount: '18.00',
  payState: 1,
  deliverState: 3,
  failReason: null,
  transactionId: '4200001234202603011234567890',
  createdAt: '2026-03-01 07:59:00',
  deliveredAt: '2026-03-01 08:00:05',
};

export const billedPayment = {
  tradeState: 'SUCCESS',
  outTradeNo: ORDER_NUMBER,
  transactionId: paidTrade.transactionId,
  totalAmount: '18.00',
  outRefundNo: null,
  refundAmount: '0.00',
  time: '2026-03-01 08:00:00',
};

export const billedRefund = {
  ...billedPayment,
  tradeState: 'REFUND',
  outRefundNo: REFUND_NUMBER,
  refundAmount: '5.00',
};
