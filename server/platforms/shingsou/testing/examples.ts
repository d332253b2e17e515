import type { OperationName } from '../operations';
import { NOTIFY_URL } from './back-office-fixture';
import type { BackOfficeFixture } from './back-office-fixture';

/** A call of an operation that succeeds on the simulated platform, with its preparation. */
export interface Example {
  request(scene: BackOfficeFixture): object | Promise<object>;
  /** Part of the expected answer. */
  answer?: unknown;
}

const noFields: Example = { request: () => ({}) };
const page = { pageIndex: 1, pageSize: 10 };
const ofCard: Example = { request: (scene) => ({ cardNo: scene.card().iccid }) };
/** Made up, with a check character that is valid under GB 11643. */
export const ID_NUMBER = '11010119900307993X';

async function dataCards(scene: BackOfficeFixture, quantity: number) {
  const request = { productId: '110101', quantity, expireTime: await scene.time(86_400) };
  return scene.callSuccessfully<{ firstCardNo: string; batchNo: string }>(
    'generateDataCards',
    request,
  );
}

const tradeFields = (scene: BackOfficeFixture) => ({
  outTradeNo: scene.uniqueNumber('T'),
  totalAmount: '12.50',
});
const notifyFields = { notifyUrl: NOTIFY_URL };
const alipayOrder = (scene: BackOfficeFixture) => ({
  ...tradeFields(scene),
  subject: '路由器',
  ...notifyFields,
});
const wechatOrder = (scene: BackOfficeFixture) => ({
  ...tradeFields(scene),
  body: '路由器',
  ...notifyFields,
});

async function paidByAlipay(scene: BackOfficeFixture) {
  const { outTradeNo } = alipayOrder(scene);
  const order = { outTradeNo, totalAmount: '12.50', subject: '路由器' };
  await scene.callSuccessfully('alipayBarcodePay', { ...order, authCode: '280000000000000001' });
  return { outTradeNo };
}

async function paidByWechat(scene: BackOfficeFixture) {
  const { outTradeNo } = tradeFields(scene);
  const order = { outTradeNo, totalAmount: '12.50', body: '路由器' };
  await scene.callSuccessfully('barcodePay', { ...order, authCode: '130000000000000001' });
  return { outTradeNo };
}

async function packageOrder(scene: BackOfficeFixture) {
  const cardNo = scene.card().iccid;
  const products = await scene.callSuccessfully<{ id: string; price: string }[]>('products', {
    cardNo,
  });
  const { id: productId, price: totalAmount } = products[0] ?? { id: '', price: '' };
  const outTradeNo = scene.uniqueNumber('LK');
  return { outTradeNo, cardNo, productId, effective: 0, totalAmount, notifyUrl: NOTIFY_URL };
}

const alipayAccount = (scene: BackOfficeFixture) => ({
  name: '示例商户',
  appId: scene.uniqueNumber('202100'),
  privateKey: 'MIIEvQ',
});
const wechatAccount = (scene: BackOfficeFixture) => ({
  name: '示例商户',
  appId: `wx${scene.uniqueNumber('aaaaaa')}`,
  mchId: '1900000001',
  apiKey: '0123456789abcdef0123456789abcdef',
});
const addMerchantAccount =
  (name: 'alipayAddMerchant' | 'addMerchant') => (scene: BackOfficeFixture) =>
    scene.callSuccessfully<{ id: string }>(
      name,
      name === 'addMerchant' ? wechatAccount(scene) : alipayAccount(scene),
    );

async function toBank(scene: BackOfficeFixture) {
  return {
    partnerTradeNo: scene.uniqueNumber('B'),
    encBankNo: await scene.encrypt('6222000000000000001'),
    encTrueName: await scene.encrypt('示例'),
    bankCode: '1002',
    amount: '100.00',
  };
}

async function toBalance(scene: BackOfficeFixture) {
  const openId = await scene.openId();
  const partnerTradeNo = scene.uniqueNumber('B');
  return { partnerTradeNo, openId, amount: '1.00', checkName: 'NO_CHECK', desc: '返现' };
}

const cardExamples = {
  dataCards: {
    request: async (scene) => ({ batchNo: (await dataCards(scene, 3)).batchNo, ...page }),
    answer: { total: 3, items: [{ state: 0, productId: '110101' }, {}, {}] },
  },
  dataCardHistory: {
    async request(scene) {
      const { firstCardNo: cardNo } = await dataCards(scene, 1);
      await scene.simulateUser('redeem', { cardNo, iccid: scene.card().iccid });
      return page;
    },
    answer: { items: [{ productId: '110101' }] },
  },
  transferDataCards: {
    request: async (scene) => ({
      consignee: 'liuka-agent-1',
      cardNos: [(await dataCards(scene, 1)).firstCardNo],
    }),
    answer: { count: 1 },
  },
  generateDataCards: {
    request: async (scene) => ({
      productId: '110101',
      quantity: 5,
      expireTime: await scene.time(86_400),
    }),
    answer: { quantity: 5 },
  },
  dataCardCodes: { ...noFields, answer: [{ code: 10000 }, {}, {}, { code: 10003 }] },
  flowCards: {
    request: (scene) => ({ keyword: scene.card().iccid, ...page }),
    answer: { total: 1 },
  },
  flowCardDetail: { ...ofCard, answer: { operator: '电信' } },
  flowCardData: ofCard,
  flowCardStatus: { ...ofCard, answer: { networkState: null } },
  flowCardLocation: { ...ofCard, answer: { longitude: expect.any(Number) as number } },
  flowCardTransferHistory: {
    async request(scene) {
      const cardNos = [scene.card(1).iccid];
      await scene.callSuccessfully('transferFlowCards', { consignee: 'liuka-agent-2', cardNos });
      return page;
    },
    answer: { items: [{ consignee: 'liuka-agent-2', count: 1 }] },
  },
  flowCardImportHistory: { request: () => page, answer: { total: 0 } },
  flowCardTypes: noFields,
  flowCardCategories: { request: () => ({ typeId: '2' }), answer: [{ typeId: '2' }] },
  flowCardTags: noFields,
  flowCardCodes: { ...noFields, answer: [{ code: 10000 }, {}, {}, { code: 10003 }] },
  updateFlowCard: { request: (scene) => ({ cardNo: scene.card().iccid, remark: '样机' }) },
  updateFlowCards: {
    request: (scene) => ({ cardNos: [scene.card().iccid, '89860000'], tags: ['门店'] }),
    answer: { count: 1, failed: [{ cardNo: '89860000' }] },
  },
  switchFlowCard: {
    request: (scene) => ({ cardNo: scene.card(1).iccid, action: 2 }),
    answer: { networkState: 3 },
  },
  transferFlowCards: {
    request: (scene) => ({ consignee: 'liuka-agent-1', cardNos: [scene.card().iccid] }),
    answer: { count: 1 },
  },
  importFlowCards: {
    request: () => ({ operator: '联通', cards: [{ iccid: '8986012345678901234A' }] }),
    answer: { count: 1, failed: [] },
  },
  verifyRealName: {
    request: (scene) => ({ cardNo: scene.card().iccid, name: '示例', idNumber: ID_NUMBER }),
    answer: { realName: 1 },
  },
} as const satisfies Partial<Record<OperationName, Example>>;

const orderExamples = {
  orders: {
    async request(scene) {
      const order = await packageOrder(scene);
      await scene.callSuccessfully('createPayment', order);
      return { outTradeNo: order.outTradeNo, ...page };
    },
    answer: { total: 1, items: [{ payState: 0 }] },
  },
  orderStatistic: {
    request: async (scene) => ({ startTime: await scene.time(-60), endTime: await scene.time(60) }),
  },
  orderCodes: { ...noFields, answer: [{ code: 200 }, { code: 422 }, { code: 417 }, { code: 404 }] },
  paymentCodes: {
    ...noFields,
    answer: [{ code: 200 }, { code: 422 }, { code: 417 }, { code: 404 }],
  },
  createPayment: { request: packageOrder },
  products: ofCard,
  productCategories: ofCard,
} as const satisfies Partial<Record<OperationName, Example>>;

const alipayExamples = {
  alipayWebPay: { request: alipayOrder },
  alipayWapPay: { request: alipayOrder },
  alipayAppPay: { request: alipayOrder },
  alipayScanPay: { request: alipayOrder },
  alipayBarcodePay: {
    request: (scene) => ({
      ...tradeFields(scene),
      subject: '路由器',
      authCode: '280000000000000002',
    }),
    answer: { tradeStatus: 'TRADE_SUCCESS' },
  },
  alipayQuery: { request: paidByAlipay, answer: { tradeStatus: 'TRADE_SUCCESS' } },
  alipayRefund: {
    request: async (scene) => ({
      ...(await paidByAlipay(scene)),
      outRequestNo: scene.uniqueNumber('R'),
      refundAmount: '2.50',
    }),
    answer: { fundChange: 'Y', refundFee: '2.50' },
  },
  alipayRefundQuery: {
    async request(scene) {
      const refund = { ...(await paidByAlipay(scene)), outRequestNo: scene.uniqueNumber('R') };
      await scene.callSuccessfully('alipayRefund', { ...refund, refundAmount: '2.50' });
      return refund;
    },
    answer: { refundStatus: 'REFUND_SUCCESS', refundAmount: '2.50' },
  },
  alipayCancel: { request: paidByAlipay, answer: { action: 'refund' } },
  alipayClose: {
    async request(scene) {
      const order = alipayOrder(scene);
      await scene.callSuccessfully('alipayScanPay', order);
      return { outTradeNo: order.outTradeNo };
    },
  },
  alipayTransfer: {
    request: (scene) => ({
      outBizNo: scene.uniqueNumber('P'),
      payeeType: 'ALIPAY_USERID',
      payeeAccount: '2088000000000001',
      amount: '5.00',
    }),
  },
  alipayTransferQuery: {
    async request(scene) {
      const outBizNo = scene.uniqueNumber('P');
      const payee = { payeeType: 'ALIPAY_LOGONID', payeeAccount: 'nobody@example.com' };
      await scene.callSuccessfully('alipayTransfer', { outBizNo, ...payee, amount: '5.00' });
      return { outBizNo };
    },
    answer: { status: 'SUCCESS', amount: '5.00' },
  },
  alipayBill: {
    async request(scene) {
      await paidByAlipay(scene);
      return { billDate: await scene.advanceToNextDay(), ...page };
    },
    answer: {
      items: expect.arrayContaining([expect.objectContaining({ businessType: 'TRADE' })]) as [],
    },
  },
  alipayMerchants: {
    request: async (scene) => {
      await addMerchantAccount('alipayAddMerchant')(scene);
      return {};
    },
    answer: expect.arrayContaining([expect.objectContaining({ name: '示例商户' })]) as [],
  },
  alipayUpdateMerchant: {
    request: async (scene) => ({
      id: (await addMerchantAccount('alipayAddMerchant')(scene)).id,
      name: '新名',
    }),
    answer: { name: '新名' },
  },
  alipayAddMerchant: { request: alipayAccount },
  alipayDeleteMerchant: {
    request: async (scene) => ({ id: (await addMerchantAccount('alipayAddMerchant')(scene)).id }),
  },
} as const satisfies Partial<Record<OperationName, Example>>;

const wechatExamples = {
  publicPay: {
    request: async (scene) => ({ ...wechatOrder(scene), openId: await scene.openId() }),
    answer: { signType: 'MD5' },
  },
  appPay: { request: wechatOrder, answer: { package: 'Sign=WXPay' } },
  appletPay: {
    async request(scene) {
      const { orderNo } = await scene.callSuccessfully<{ orderNo: string }>(
        'createPayment',
        await packageOrder(scene),
      );
      return { orderNo, openId: await scene.openId(), timeExpire: await scene.time(1800) };
    },
  },
  wapPay: { request: wechatOrder },
  scanPay: { request: wechatOrder },
  barcodePay: {
    request: (scene) => ({ ...tradeFields(scene), body: '路由器', authCode: '130000000000000002' }),
    answer: { totalAmount: '12.50' },
  },
  publicOpenId: { request: async (scene) => ({ code: await scene.platforms.createLoginCode() }) },
  code2session: { request: async (scene) => ({ code: await scene.platforms.createLoginCode() }) },
  queryPayment: { request: paidByWechat, answer: { tradeState: 'SUCCESS', totalAmount: '12.50' } },
  closePayment: {
    async request(scene) {
      const order = wechatOrder(scene);
      await scene.callSuccessfully('scanPay', order);
      await scene.platforms.advanceClock(301);
      return { outTradeNo: order.outTradeNo };
    },
  },
  cancelPayment: { request: paidByWechat, answer: { recall: 'N' } },
  refund: {
    request: async (scene) => ({
      ...(await paidByWechat(scene)),
      outRefundNo: scene.uniqueNumber('R'),
      totalAmount: '12.50',
      refundAmount: '2.50',
      reason: '退差价',
    }),
    answer: { refundAmount: '2.50', status: 'PROCESSING' },
  },
  queryRefund: {
    async request(scene) {
      const outRefundNo = scene.uniqueNumber('R');
      const money = { totalAmount: '12.50', refundAmount: '2.50', reason: '退差价' };
      await scene.callSuccessfully('refund', {
        ...(await paidByWechat(scene)),
        outRefundNo,
        ...money,
      });
      await scene.platforms.advanceClock(3);
      return { outRefundNo };
    },
    answer: { status: 'SUCCESS' },
  },
  downloadBill: {
    request: async (scene) => ({ billDate: toBillDate(await scene.advanceToNextDay()), ...page }),
  },
  downloadFundFlow: {
    async request(scene) {
      await paidByWechat(scene);
      const billDate = toBillDate(await scene.advanceToNextDay());
      return { billDate, accountType: 'Basic', ...page };
    },
    answer: { items: expect.arrayContaining([expect.objectContaining({ flow: '收入' })]) as [] },
  },
  transfer: { request: toBalance },
  queryTransfer: {
    async request(scene) {
      const request = await toBalance(scene);
      await scene.callSuccessfully('transfer', request);
      return { partnerTradeNo: request.partnerTradeNo };
    },
    answer: { status: 'SUCCESS', amount: '1.00' },
  },
  publicKey: noFields,
  transferToBank: { request: toBank, answer: { amount: '100.00', feeAmount: '1.00' } },
  queryTransferToBank: {
    async request(scene) {
      const request = await toBank(scene);
      await scene.callSuccessfully('transferToBank', request);
      return { partnerTradeNo: request.partnerTradeNo };
    },
    answer: { status: 'PROCESSING', paySuccTime: null },
  },
  merchants: noFields,
  updateMerchant: {
    request: async (scene) => ({
      id: (await addMerchantAccount('addMerchant')(scene)).id,
      name: '新名',
    }),
    answer: { name: '新名' },
  },
  addMerchant: { request: wechatAccount, answer: { certName: null } },
  uploadCertificate: {
    request: async (scene) => ({
      merchantId: (await addMerchantAccount('addMerchant')(scene)).id,
      certificate: new File(['p12'], 'apiclient_cert.p12', { type: 'application/x-pkcs12' }),
    }),
    answer: { certName: 'apiclient_cert.p12' },
  },
  deleteMerchant: {
    request: async (scene) => ({ id: (await addMerchantAccount('addMerchant')(scene)).id }),
  },
} as const satisfies Partial<Record<OperationName, Example>>;

function toBillDate(day: string): string {
  return day.replaceAll('-', '');
}

/** One example per operation of the table. An operation without an example does not compile. */
export const examples: Readonly<Record<OperationName, Example>> = {
  ...cardExamples,
  ...orderExamples,
  ...alipayExamples,
  ...wechatExamples,
};
