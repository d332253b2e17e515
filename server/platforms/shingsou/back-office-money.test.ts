import { sendJson, startTestServer } from '../testing/http-server';
import { startBackOfficeFixture } from './testing/back-office-fixture';
import type { BackOfficeFixture } from './testing/back-office-fixture';

let fixture: BackOfficeFixture;
beforeEach(async () => {
  fixture = await startBackOfficeFixture();
});
afterEach(() => fixture.close());

const page = { pageIndex: 1, pageSize: 100 };
const NOTIFY_URL = 'http://127.0.0.1:9/notifications';
const tradeFields = { totalAmount: '12.50', subject: '路由器', notifyUrl: NOTIFY_URL };
const outTradeNo = 'SHOP-000001';

describe('an Alipay trade', () => {
  const query = () => fixture.callSuccessfully('alipayQuery', { outTradeNo });
  const pay = () => fixture.simulateUser('cashier', { channel: 'alipay', outTradeNo });

  it('waits for its buyer, is paid at the cashier, and the shop is notified', async () => {
    const shop = await startTestServer((_request, response) =>
      sendJson(response, 200, { code: 200 }),
    );
    await fixture.callSuccessfully('alipayWebPay', {
      ...tradeFields,
      outTradeNo,
      notifyUrl: `${shop.url}/paid`,
    });
    expect(await query()).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY', tradeNo: null });
    await pay();
    expect(await query()).toMatchObject({
      tradeStatus: 'TRADE_SUCCESS',
      tradeNo: expect.stringMatching(/^\d{28}$/),
      buyerId: expect.stringMatching(/^2088\d{12}$/),
    });
    await fixture.platforms.advanceClock(1);
    const notifications = shop.requests.map(({ body }) => JSON.parse(body) as object);
    await shop.close();
    expect(notifications).toEqual([expect.objectContaining({ event: 'paid', outTradeNo })]);
  });

  it('is idempotent by number, and refused with other content', async () => {
    const order = { ...tradeFields, outTradeNo };
    const first = await fixture.callSuccessfully('alipayScanPay', order);
    expect(await fixture.callSuccessfully('alipayScanPay', order)).toEqual(first);
    const other = await fixture.call('alipayScanPay', { ...order, totalAmount: '12.51' });
    expect(other).toMatchObject({ outcome: 'refused', code: 'ACQ.CONTEXT_INCONSISTENT' });
    await pay();
    const paid = await fixture.call('alipayScanPay', order);
    expect(paid).toMatchObject({ outcome: 'refused', code: 'ACQ.TRADE_HAS_SUCCESS' });
  });

  it('refunds once per refund number, and never more than was paid', async () => {
    await fixture.callSuccessfully('alipayWapPay', { ...tradeFields, outTradeNo });
    const refund = (outRequestNo: string, refundAmount: string) =>
      fixture.call('alipayRefund', { outTradeNo, outRequestNo, refundAmount });
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
    const unknown = await fixture.callSuccessfully('alipayRefundQuery', {
      outTradeNo,
      outRequestNo: 'R3',
    });
    expect(unknown).toMatchObject({ refundStatus: 'REFUND_NOT_FOUND', refundAmount: null });
  });

  it('is closed by a cancellation if unpaid, and refunded if paid', async () => {
    await fixture.callSuccessfully('alipayAppPay', { ...tradeFields, outTradeNo });
    expect(await fixture.callSuccessfully('alipayCancel', { outTradeNo })).toMatchObject({
      action: 'close',
    });
    await expect(pay()).rejects.toThrow('409');
    expect(await fixture.callSuccessfully('alipayCancel', { outTradeNo })).toMatchObject({
      action: null,
    });
  });

  it('cannot be closed if it is paid, and is absent if unknown', async () => {
    await fixture.callSuccessfully('alipayScanPay', { ...tradeFields, outTradeNo });
    await pay();
    expect(await fixture.call('alipayClose', { outTradeNo })).toMatchObject({ outcome: 'refused' });
    const unknownTrade = await fixture.call('alipayQuery', { outTradeNo: 'NOBODYS' });
    expect(unknownTrade).toMatchObject({ outcome: 'refused', code: 'ACQ.TRADE_NOT_EXIST' });
  });
});

describe('a WeChat payment without a package', () => {
  const order = { outTradeNo, totalAmount: '12.50', body: '路由器', notifyUrl: NOTIFY_URL };
  const query = () => fixture.callSuccessfully('queryPayment', { outTradeNo });

  it('is queried, closed and refunded like a package order', async () => {
    await fixture.callSuccessfully('scanPay', order);
    expect(await query()).toMatchObject({ tradeState: 'NOTPAY', transactionId: null });
    const early = await fixture.call('closePayment', { outTradeNo });
    expect(early).toMatchObject({ outcome: 'refused', code: 'INVALID_REQUEST' });
    await fixture.simulateUser('cashier', { channel: 'wechatpay', outTradeNo });
    expect(await query()).toMatchObject({ tradeState: 'SUCCESS', totalAmount: '12.50' });
    const refund = { outTradeNo, outRefundNo: 'R1', totalAmount: '12.50', reason: '' };
    const tooMuch = await fixture.call('refund', { ...refund, refundAmount: '12.51' });
    expect(tooMuch).toMatchObject({ outcome: 'refused', code: 'INVALID_REQUEST' });
    await fixture.callSuccessfully('refund', { ...refund, refundAmount: '12.50' });
    expect(await query()).toMatchObject({ tradeState: 'REFUND' });
    const paid = await fixture.call('closePayment', { outTradeNo });
    expect(paid).toMatchObject({ outcome: 'refused', code: 'ORDERPAID' });
  });

  it('is refused for a known number with other content, and for an unknown payee', async () => {
    await fixture.callSuccessfully('appPay', order);
    const changed = await fixture.call('appPay', { ...order, body: '网关' });
    expect(changed).toMatchObject({ outcome: 'refused', code: 'OUT_TRADE_NO_USED' });
    const strange = { ...order, outTradeNo: 'SHOP-000002', openId: 'nobody' };
    const stranger = await fixture.call('publicPay', strange);
    expect(stranger).toMatchObject({ outcome: 'refused', code: 'INVALID_REQUEST' });
  });
});

describe('a payout', () => {
  it('is made once per number', async () => {
    const openId = await fixture.openId();
    const asked = {
      partnerTradeNo: 'OUT1',
      openId,
      amount: '1.00',
      checkName: 'NO_CHECK',
      desc: 'x',
    };
    const first = await fixture.callSuccessfully('transfer', asked);
    expect(await fixture.callSuccessfully('transfer', asked)).toEqual(first);
    const changed = await fixture.call('transfer', { ...asked, amount: '2.00' });
    expect(changed).toMatchObject({ outcome: 'refused', code: 'PARAM_ERROR' });
    const little = await fixture.call('transfer', {
      ...asked,
      partnerTradeNo: 'OUT2',
      amount: '0.29',
    });
    expect(little).toMatchObject({ outcome: 'refused', code: 'AMOUNT_LIMIT' });
    const unknown = await fixture.call('queryTransfer', { partnerTradeNo: 'OUT2' });
    expect(unknown).toMatchObject({ outcome: 'refused', code: 'NOT_FOUND' });
  });

  it('to a bank card accepts only data encrypted with the public key, and arrives later', async () => {
    const encTrueName = await fixture.encrypt('示例');
    const asked = { partnerTradeNo: 'BANK1', encTrueName, bankCode: '1002', amount: '100.00' };
    const clear = Buffer.from('6222000000000000001').toString('base64');
    const refused = await fixture.call('transferToBank', { ...asked, encBankNo: clear });
    expect(refused).toMatchObject({ outcome: 'refused', code: 'PARAM_ERROR' });
    const encBankNo = await fixture.encrypt('6222000000000000001');
    await fixture.callSuccessfully('transferToBank', { ...asked, encBankNo });
    await fixture.platforms.advanceClock(6);
    const state = await fixture.callSuccessfully('queryTransferToBank', {
      partnerTradeNo: 'BANK1',
    });
    expect(state).toMatchObject({ status: 'SUCCESS', paySuccTime: expect.any(String) });
  });

  it('is in the fund flow of the day, with payments and their direction', async () => {
    const openId = await fixture.openId();
    const order = { outTradeNo, totalAmount: '12.50', body: '路由器' };
    await fixture.callSuccessfully('barcodePay', { ...order, authCode: '130000000000000001' });
    await fixture.callSuccessfully('cancelPayment', { outTradeNo });
    const out = {
      partnerTradeNo: 'OUT1',
      openId,
      amount: '1.00',
      checkName: 'NO_CHECK',
      desc: 'x',
    };
    await fixture.callSuccessfully('transfer', out);
    const billDate = (await fixture.time()).slice(0, 10).replaceAll('-', '');
    const asked = { billDate, accountType: 'Basic', ...page };
    const early = await fixture.call('downloadFundFlow', asked);
    expect(early).toMatchObject({ outcome: 'refused', code: 'NO_STATEMENT_EXIST' });
    await fixture.advanceToNextDay();
    expect(await fixture.callSuccessfully('downloadFundFlow', asked)).toMatchObject({
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

  it('is listed without its key and with its uploaded certificate, until it is deleted', async () => {
    const { id } = await fixture.callSuccessfully<{ id: string }>('addMerchant', account);
    const certificate = new File(['p12'], 'cert.p12', { type: 'application/x-pkcs12' });
    const upload = { merchantId: id, certificate };
    expect(await fixture.callSuccessfully('uploadCertificate', upload)).toEqual({
      certName: 'cert.p12',
    });
    const listed = await fixture.callSuccessfully('merchants', {});
    expect(listed).toMatchObject([{ id, name: '示例商户', certName: 'cert.p12' }]);
    expect(JSON.stringify(listed)).not.toContain(account.apiKey);
    await fixture.callSuccessfully('deleteMerchant', { id });
    expect(await fixture.call('deleteMerchant', { id })).toMatchObject({ code: 'NotFound' });
    expect(await fixture.call('uploadCertificate', upload)).toMatchObject({ code: 'NotFound' });
    expect(await fixture.callSuccessfully('merchants', {})).toEqual([]);
  });

  it('accepts no certificate of another type', async () => {
    const certificate = new File(['pem'], 'cert.pem', { type: 'application/x-pem-file' });
    const upload = fixture.call('uploadCertificate', { merchantId: 'SH1', certificate });
    await expect(upload).rejects.toThrow(
      'shingsou wechatpay-uploadcert: invalid request fields: certificate',
    );
  });
});
