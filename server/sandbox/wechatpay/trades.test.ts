import { createWechatPayClient, type WechatPayClient } from '../testing/wechatpay-client';
import { createShingsouClient } from '../testing/shingsou-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let wechatPay: WechatPayClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  wechatPay = await createWechatPayClient(sandbox);
});
afterEach(() => sandbox.close());

const MINUTE_S = 60;

/** An instant some seconds from now, in the form of requests. */
async function timeAfter(seconds: number): Promise<string> {
  const beijing = new Date((await sandbox.now()) + (seconds + 8 * 3600) * 1000);
  return `${beijing.toISOString().slice(0, 19)}+08:00`;
}

describe('ordering', () => {
  test('a repeated request gives a new prepayment, and either can be paid', async () => {
    const request = wechatPay.newOrderRequest();
    const prepays = [await wechatPay.jsapi(request), await wechatPay.jsapi(request)];
    const [first, second] = prepays.map(({ body }) => (body as { prepay_id: string }).prepay_id);
    expect(first).toMatch(/^wx[0-9a-f]{34}$/);
    expect(second).not.toBe(first);
    const sheet = await wechatPay.signPaymentRequest(first ?? '');
    expect(await wechatPay.submitCashier({ ...sheet, action: 'pay' })).toBe('requestPayment:ok');
    const other = await wechatPay.signPaymentRequest(second ?? '');
    expect(await wechatPay.submitCashier({ ...other, action: 'pay' })).toMatch(/已支付/);
  });

  test.each([
    ['amount', { amount: { total: 1801, currency: 'CNY' } }],
    ['description', { description: 'another' }],
    ['notify address', { notify_url: 'https://shop.example/other' }],
    ['attachment', { attach: 'another' }],
  ])('a number that was used with another %s is refused', async (_case, change) => {
    const request = wechatPay.newOrderRequest();
    await wechatPay.jsapi(request);
    const again = wechatPay.jsapi({ ...request, ...change });
    expect(await wechatPay.errorOf(again)).toEqual([400, 'INVALID_REQUEST']);
  });

  test('a number that was used for another payer or expiry is refused', async () => {
    const request = wechatPay.newOrderRequest({ time_expire: await timeAfter(1800) });
    await wechatPay.jsapi(request);
    const payer = { openid: await wechatPay.signIn('somebody else') };
    const refused = [400, 'INVALID_REQUEST'];
    expect(await wechatPay.errorOf(wechatPay.jsapi({ ...request, payer }))).toEqual(refused);
    const later = { ...request, time_expire: await timeAfter(1900) };
    expect(await wechatPay.errorOf(wechatPay.jsapi(later))).toEqual(refused);
  });

  test('a paid or closed number accepts no further payment', async () => {
    const paid = wechatPay.newOrderRequest();
    await wechatPay.createPaidOrder(paid);
    expect(await wechatPay.errorOf(wechatPay.jsapi(paid))).toEqual([400, 'ORDERPAID']);
    const closed = wechatPay.newOrderRequest();
    await wechatPay.jsapi(closed);
    await wechatPay.close(closed.out_trade_no);
    expect(await wechatPay.errorOf(wechatPay.jsapi(closed))).toEqual([400, 'ORDER_CLOSED']);
  });

  test.each([
    ['no merchant of ours', { mchid: '1600000000' }, [400, 'MCH_NOT_EXISTS']],
    ['no mini-program of ours', { appid: 'wx0000000000000000' }, [400, 'APPID_MCHID_NOT_MATCH']],
    ['an unknown payer', { payer: { openid: 'o-nobody' } }, [400, 'PARAM_ERROR']],
    ['no payer', { payer: undefined }, [400, 'PARAM_ERROR']],
    ['an amount of nothing', { amount: { total: 0 } }, [400, 'PARAM_ERROR']],
    ['half a fen', { amount: { total: 1.5 } }, [400, 'PARAM_ERROR']],
    ['an amount as text', { amount: { total: '1800' } }, [400, 'PARAM_ERROR']],
    ['an amount beyond 2^53', { amount: { total: 2 ** 53 } }, [400, 'PARAM_ERROR']],
    ['another currency', { amount: { total: 1, currency: 'USD' } }, [400, 'PARAM_ERROR']],
    ['no description', { description: '' }, [400, 'PARAM_ERROR']],
    ['128 characters of description', { description: '流'.repeat(128) }, [400, 'PARAM_ERROR']],
    ['too short a number', { out_trade_no: 'A-123' }, [400, 'PARAM_ERROR']],
    ['too long a number', { out_trade_no: 'A'.repeat(33) }, [400, 'PARAM_ERROR']],
    ['a number with a space', { out_trade_no: 'ORDER 123456' }, [400, 'PARAM_ERROR']],
    [
      'a notify address with a query',
      { notify_url: 'https://a.example/?b=1' },
      [400, 'PARAM_ERROR'],
    ],
    ['a plain http notify address', { notify_url: 'http://a.example/' }, [400, 'PARAM_ERROR']],
    ['a notify address that is none', { notify_url: 'shop' }, [400, 'PARAM_ERROR']],
    ['an end without a zone', { time_expire: '2026-05-12T12:00:00' }, [400, 'PARAM_ERROR']],
    [
      'a day that does not exist',
      { time_expire: '2026-06-31T12:00:00+08:00' },
      [400, 'PARAM_ERROR'],
    ],
  ])('an order with %s is refused', async (_case, change, refusal) => {
    expect(await wechatPay.errorOf(wechatPay.jsapi(wechatPay.newOrderRequest(change)))).toEqual(
      refusal,
    );
  });

  test('a description may have 127 characters, of any number of bytes', async () => {
    const { status } = await wechatPay.jsapi(
      wechatPay.newOrderRequest({ description: '流'.repeat(127) }),
    );
    expect(status).toBe(200);
  });

  test.each([
    ['half a minute', 30, 400],
    ['two minutes', 120, 200],
    ['89 days', 89 * 86_400, 200],
    ['91 days', 91 * 86_400, 400],
  ])('an order may expire %s from now: %i s, %i', async (_case, seconds, status) => {
    const request = wechatPay.newOrderRequest({ time_expire: await timeAfter(seconds) });
    expect((await wechatPay.jsapi(request)).status).toBe(status);
  });

  test('an order can be repeated within its last minute, and not after its expiry', async () => {
    const request = wechatPay.newOrderRequest({ time_expire: await timeAfter(10 * MINUTE_S) });
    const { body } = await wechatPay.jsapi(request);
    await sandbox.advanceClock(9.5 * MINUTE_S);
    expect((await wechatPay.jsapi(request)).status).toBe(200);
    await sandbox.advanceClock(MINUTE_S);
    expect(await wechatPay.errorOf(wechatPay.jsapi(request))).toEqual([403, 'OUT_TRADE_NO_USED']);
    const sheet = await wechatPay.signPaymentRequest((body as { prepay_id: string }).prepay_id);
    expect(await wechatPay.submitCashier({ ...sheet, action: 'pay' })).toMatch(/过期/);
  });

  test('a prepayment lasts two hours', async () => {
    const { sheet } = await wechatPay.createPreparedOrder();
    await sandbox.advanceClock(2 * 3600 + 1);
    expect(await wechatPay.submitCashier({ ...sheet, action: 'pay' })).toMatch(/过期/);
  });
});

describe('the payment sheet', () => {
  test('is signed by the merchant over mini-program, time, nonce and package', async () => {
    const { number, sheet } = await wechatPay.createPreparedOrder();
    const FORGED = 'requestPayment:fail 支付验证签名失败';
    const parts = ['timeStamp', 'nonceStr', 'paySign'] as const;
    for (const part of parts) {
      const changed = { ...sheet, [part]: `${sheet[part].slice(0, -3)}000`, action: 'pay' };
      expect(await wechatPay.submitCashier(changed)).toBe(FORGED);
    }
    expect(await wechatPay.submitCashier({ ...sheet, signType: 'MD5', action: 'pay' })).toBe(
      FORGED,
    );
    const { sheet: other } = await wechatPay.createPreparedOrder();
    const swapped = { ...sheet, package: other.package, action: 'pay' };
    expect(await wechatPay.submitCashier(swapped)).toBe(FORGED);
    expect((await wechatPay.query(number)).body).toMatchObject({ trade_state: 'NOTPAY' });
    expect(await wechatPay.submitCashier({ ...sheet, action: 'cancel' })).toBe(
      'requestPayment:fail cancel',
    );
    expect(await wechatPay.submitCashier({ ...sheet, action: 'pay' })).toBe('requestPayment:ok');
  });

  test('of 旭宇’s channel cannot be signed by the merchant', async () => {
    const shingsou = await createShingsouClient(sandbox);
    const { sheet } = await shingsou.createPreparedOrder();
    const ours = await wechatPay.signPaymentRequest(sheet.package.replace('prepay_id=', ''));
    expect(await wechatPay.submitCashier({ ...ours, action: 'pay' })).toMatch(/签名失败/);
  });

  test('may be paid with its package only', async () => {
    const { sheet } = await wechatPay.createPreparedOrder();
    const request = { package: sheet.package, action: 'pay' };
    expect(await wechatPay.submitCashier(request)).toBe('requestPayment:ok');
  });
});

describe('querying', () => {
  test('shows an unpaid order, and the payment of a paid one, by either number', async () => {
    const { number, sheet } = await wechatPay.createPreparedOrder({ attach: 'ours' });
    expect((await wechatPay.query(number)).body).toEqual({
      appid: wechatPay.appid,
      mchid: wechatPay.mchid,
      out_trade_no: number,
      trade_type: 'JSAPI',
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
      attach: 'ours',
      amount: { total: 1800, currency: 'CNY', payer_currency: 'CNY' },
    });
    await wechatPay.submitCashier({ ...sheet, action: 'pay' });
    const { body } = await wechatPay.query(number);
    expect(body).toMatchObject({
      trade_state: 'SUCCESS',
      transaction_id: expect.stringMatching(/^42000\d{23}$/) as string,
      success_time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$/) as string,
      payer: { openid: wechatPay.openid },
      amount: { total: 1800, payer_total: 1800, currency: 'CNY', payer_currency: 'CNY' },
    });
    const { success_time: time, transaction_id: id } = body as Record<string, string>;
    expect(Math.abs(Date.parse(time ?? '') - (await sandbox.now()))).toBeLessThan(5000);
    expect((await wechatPay.queryTransaction(id ?? '')).body).toEqual(body);
  });

  test('does not find an unknown number', async () => {
    const refused = [404, 'ORDER_NOT_EXIST'];
    expect(await wechatPay.errorOf(wechatPay.query('NOBODYS-ORDER'))).toEqual(refused);
    expect(await wechatPay.errorOf(wechatPay.query('constructor'))).toEqual(refused);
    expect(await wechatPay.errorOf(wechatPay.queryTransaction('4200000000'))).toEqual(refused);
  });

  test('needs the merchant number', async () => {
    const { number } = await wechatPay.createPreparedOrder();
    const path = `/v3/pay/transactions/out-trade-no/${number}`;
    expect(await wechatPay.errorOf(wechatPay.get(path))).toEqual([400, 'PARAM_ERROR']);
    const foreign = wechatPay.get(`${path}?mchid=1600000000`);
    expect(await wechatPay.errorOf(foreign)).toEqual([400, 'MCH_NOT_EXISTS']);
  });
});

describe('closing', () => {
  test('ends an unpaid order at once, with no content', async () => {
    const { number, sheet } = await wechatPay.createPreparedOrder();
    expect(await wechatPay.close(number)).toMatchObject({ status: 204, text: '' });
    expect((await wechatPay.query(number)).body).toMatchObject({ trade_state: 'CLOSED' });
    expect(await wechatPay.submitCashier({ ...sheet, action: 'pay' })).toMatch(/已关闭/);
    expect(await wechatPay.errorOf(wechatPay.close(number))).toEqual([400, 'ORDER_CLOSED']);
  });

  test('does not close a paid or an unknown order', async () => {
    const { number } = await wechatPay.createPaidOrder();
    expect(await wechatPay.errorOf(wechatPay.close(number))).toEqual([400, 'ORDERPAID']);
    const unknown = wechatPay.close('NOBODYS-ORDER');
    expect(await wechatPay.errorOf(unknown)).toEqual([404, 'ORDER_NOT_EXIST']);
  });
});
