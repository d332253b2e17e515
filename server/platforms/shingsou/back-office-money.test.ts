import { sendJson, startTestServer } from '../testing/http-server';
import { openScene } from './testing/scene';
import type { Scene } from './testing/scene';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const page = { pageIndex: 1, pageSize: 100 };
const NOWHERE = 'http://127.0.0.1:9/notifications';
const goods = { totalAmount: '12.50', subject: '路由器', notifyUrl: NOWHERE };
const outTradeNo = 'SHOP-000001';

describe('an Alipay trade', () => {
  const query = () => scene.done('alipayQuery', { outTradeNo });
  const pay = () => scene.act('cashier', { channel: 'alipay', outTradeNo });

  it('waits for its buyer, is paid at the cashier, and the shop hears of it', async () => {
    const shop = await startTestServer((_request, response) =>
      sendJson(response, 200, { code: 200 }),
    );
    await scene.done('alipayWebPay', { ...goods, outTradeNo, notifyUrl: `${shop.url}/paid` });
    expect(await query()).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY', tradeNo: null });
    await pay();
    expect(await query()).toMatchObject({
      tradeStatus: 'TRADE_SUCCESS',
      tradeNo: expect.stringMatching(/^\d{28}$/),
      buyerId: expect.stringMatching(/^2088\d{12}$/),
    });
    await scene.platforms.pass(1);
    const told = shop.requests.map(({ body }) => JSON.parse(body) as object);
    await shop.close();
    expect(told).toEqual([expect.objectContaining({ event: 'paid', outTradeNo })]);
  });

  it('asked for again with the same content is the same, with other content refused', async () => {
    const order = { ...goods, outTradeNo };
    const first = await scene.done('alipayScanPay', order);
    expect(await scene.done('alipayScanPay', order)).toEqual(first);
    const other = await scene.call('alipayScanPay', { ...order, totalAmount: '12.51' });
    expect(other).toMatchObject({ outcome: 'refused', code: 'ACQ.CONTEXT_INCONSISTENT' });
    await pay();
    const paid = await scene.call('alipayScanPay', order);
    expect(paid).toMatchObject({ outcome: 'refused', code: 'ACQ.TRADE_HAS_SUCCESS' });
  });

  it('gives back once for each number of a refund, and never more than was paid', async () => {
    await scene.done('alipayWapPay', { ...goods, outTradeNo });
    const refund = (outRequestNo: string, refundAmount: string) =>
      scene.call('alipayRefund', { outTradeNo, outRequestNo, refundAmount });
    expect(await refund('R1', '1.00')).toMatchObject({ code: 'ACQ.TRADE_STATUS_ERROR' });
    await pay();
    expect(await refund('R1', '10.00')).toMatchObject({ data: { fundChange: 'Y' } });
    expect(await refund('R1', '10.00')).toMatchObject({
      data: { fundChange: 'N', refundFee: '10.00' },
    });
    expect(await refund('R1', '9.00')).toMatchObject({ code: 'ACQ.DISCORDANT_REPEAT_REQUEST' });
    expect(await refund('R2', '2.51')).toMatchObject({ code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' });
    expect(await refund('R2', '2.50')).toMatchObject({ data: { refundFee: '12.50' } });
    expect(await query()).toMatchObject({ tradeStatus: 'TRADE_CLOSED' });
    const unknown = await scene.done('alipayRefundQuery', { outTradeNo, outRequestNo: 'R3' });
    expect(unknown).toMatchObject({ refundStatus: 'REFUND_NOT_FOUND', refundAmount: null });
  });

  it('cancelled is closed while unpaid, and given back when paid', async () => {
    await scene.done('alipayAppPay', { ...goods, outTradeNo });
    expect(await scene.done('alipayCancel', { outTradeNo })).toMatchObject({ action: 'close' });
    await expect(pay()).rejects.toThrow('409');
    expect(await scene.done('alipayCancel', { outTradeNo })).toMatchObject({ action: null });
  });

  it('that is paid cannot be closed, and one nobody made is not known', async () => {
    await scene.done('alipayScanPay', { ...goods, outTradeNo });
    await pay();
    expect(await scene.call('alipayClose', { outTradeNo })).toMatchObject({ outcome: 'refused' });
    const nobodys = await scene.call('alipayQuery', { outTradeNo: 'NOBODYS' });
    expect(nobodys).toMatchObject({ outcome: 'refused', code: 'ACQ.TRADE_NOT_EXIST' });
  });
});

describe('a WeChat payment that is for no package', () => {
  const order = { outTradeNo, totalAmount: '12.50', body: '路由器', notifyUrl: NOWHERE };
  const query = () => scene.done('queryPayment', { outTradeNo });

  it('is asked about, closed and given back as a package order is', async () => {
    await scene.done('scanPay', order);
    expect(await query()).toMatchObject({ tradeState: 'NOTPAY', transactionId: null });
    const early = await scene.call('closePayment', { outTradeNo });
    expect(early).toMatchObject({ outcome: 'refused', code: 'INVALID_REQUEST' });
    await scene.act('cashier', { channel: 'wechatpay', outTradeNo });
    expect(await query()).toMatchObject({ tradeState: 'SUCCESS', totalAmount: '12.50' });
    const refund = { outTradeNo, outRefundNo: 'R1', totalAmount: '12.50', reason: '' };
    const tooMuch = await scene.call('refund', { ...refund, refundAmount: '12.51' });
    expect(tooMuch).toMatchObject({ outcome: 'refused', code: 'INVALID_REQUEST' });
    await scene.done('refund', { ...refund, refundAmount: '12.50' });
    expect(await query()).toMatchObject({ tradeState: 'REFUND' });
    const paid = await scene.call('closePayment', { outTradeNo });
    expect(paid).toMatchObject({ outcome: 'refused', code: 'ORDERPAID' });
  });

  it('is refused for a number that has another content, and for somebody unknown', async () => {
    await scene.done('appPay', order);
    const changed = await scene.call('appPay', { ...order, body: '网关' });
    expect(changed).toMatchObject({ outcome: 'refused', code: 'OUT_TRADE_NO_USED' });
    const strange = { ...order, outTradeNo: 'SHOP-000002', openId: 'nobody' };
    const stranger = await scene.call('publicPay', strange);
    expect(stranger).toMatchObject({ outcome: 'refused', code: 'INVALID_REQUEST' });
  });
});

describe('money paid out', () => {
  it('goes once for each number', async () => {
    const openId = await scene.openId();
    const asked = {
      partnerTradeNo: 'OUT1',
      openId,
      amount: '1.00',
      checkName: 'NO_CHECK',
      desc: 'x',
    };
    const first = await scene.done('transfer', asked);
    expect(await scene.done('transfer', asked)).toEqual(first);
    const changed = await scene.call('transfer', { ...asked, amount: '2.00' });
    expect(changed).toMatchObject({ outcome: 'refused', code: 'PARAM_ERROR' });
    const little = await scene.call('transfer', {
      ...asked,
      partnerTradeNo: 'OUT2',
      amount: '0.29',
    });
    expect(little).toMatchObject({ outcome: 'refused', code: 'AMOUNT_LIMIT' });
    const unknown = await scene.call('queryTransfer', { partnerTradeNo: 'OUT2' });
    expect(unknown).toMatchObject({ outcome: 'refused', code: 'NOT_FOUND' });
  });

  it('to a bank card takes what was encrypted with the public key alone, and arrives later', async () => {
    const encTrueName = await scene.encrypt('示例');
    const asked = { partnerTradeNo: 'BANK1', encTrueName, bankCode: '1002', amount: '100.00' };
    const clear = Buffer.from('6222000000000000001').toString('base64');
    const refused = await scene.call('transferToBank', { ...asked, encBankNo: clear });
    expect(refused).toMatchObject({ outcome: 'refused', code: 'PARAM_ERROR' });
    const encBankNo = await scene.encrypt('6222000000000000001');
    await scene.done('transferToBank', { ...asked, encBankNo });
    await scene.platforms.pass(6);
    const state = await scene.done('queryTransferToBank', { partnerTradeNo: 'BANK1' });
    expect(state).toMatchObject({ status: 'SUCCESS', paySuccTime: expect.any(String) });
  });

  it('and taken in stands in the day’s fund flow with its direction', async () => {
    const openId = await scene.openId();
    const order = { outTradeNo, totalAmount: '12.50', body: '路由器' };
    await scene.done('barcodePay', { ...order, authCode: '130000000000000001' });
    await scene.done('cancelPayment', { outTradeNo });
    const out = {
      partnerTradeNo: 'OUT1',
      openId,
      amount: '1.00',
      checkName: 'NO_CHECK',
      desc: 'x',
    };
    await scene.done('transfer', out);
    const billDate = (await scene.time()).slice(0, 10).replaceAll('-', '');
    const asked = { billDate, accountType: 'Basic', ...page };
    const early = await scene.call('downloadFundFlow', asked);
    expect(early).toMatchObject({ outcome: 'refused', code: 'NO_STATEMENT_EXIST' });
    await scene.yesterday();
    expect(await scene.done('downloadFundFlow', asked)).toMatchObject({
      total: 3,
      items: [
        { businessType: '交易', flow: '收入', amount: '12.50' },
        { businessType: '退款', flow: '支出', amount: '12.50' },
        { businessType: '企业付款', flow: '支出', amount: '1.00' },
      ],
    });
  });
});

describe('a merchant', () => {
  const account = {
    name: '示例商户',
    appId: 'wx0123456789abcdef',
    mchId: '1900000001',
    apiKey: '0123456789abcdef0123456789abcdef',
  };

  it('is kept without its key, bears the certificate uploaded for it, and goes when deleted', async () => {
    const { id } = await scene.done<{ id: string }>('addMerchant', account);
    const certificate = new File(['p12'], 'cert.p12', { type: 'application/x-pkcs12' });
    const upload = { merchantId: id, certificate };
    expect(await scene.done('uploadCertificate', upload)).toEqual({ certName: 'cert.p12' });
    const listed = await scene.done('merchants', {});
    expect(listed).toMatchObject([{ id, name: '示例商户', certName: 'cert.p12' }]);
    expect(JSON.stringify(listed)).not.toContain(account.apiKey);
    await scene.done('deleteMerchant', { id });
    expect(await scene.call('deleteMerchant', { id })).toMatchObject({ code: 'NotFound' });
    expect(await scene.call('uploadCertificate', upload)).toMatchObject({ code: 'NotFound' });
    expect(await scene.done('merchants', {})).toEqual([]);
  });

  it('takes no certificate of another kind', async () => {
    const certificate = new File(['pem'], 'cert.pem', { type: 'application/x-pem-file' });
    const upload = scene.call('uploadCertificate', { merchantId: 'SH1', certificate });
    await expect(upload).rejects.toThrow(
      'shingsou wechatpay-uploadcert: the request does not fit in certificate',
    );
  });
});
