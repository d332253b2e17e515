import { createMerchant, type Merchant } from '../testing/merchant';
import { createShopper } from '../testing/shopper';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let merchant: Merchant;

beforeEach(async () => {
  sandbox = await startSandbox();
  merchant = await createMerchant(sandbox);
});
afterEach(() => sandbox.close());

const MINUTE_S = 60;

/** An instant so many seconds from now, as merchants write it. */
async function ahead(seconds: number): Promise<string> {
  const beijing = new Date((await sandbox.now()) + (seconds + 8 * 3600) * 1000);
  return `${beijing.toISOString().slice(0, 19)}+08:00`;
}

describe('ordering', () => {
  test('the same request again gives a fresh prepayment, and either can be paid', async () => {
    const request = merchant.content();
    const prepays = [await merchant.jsapi(request), await merchant.jsapi(request)];
    const [first, second] = prepays.map(({ body }) => (body as { prepay_id: string }).prepay_id);
    expect(first).toMatch(/^wx[0-9a-f]{34}$/);
    expect(second).not.toBe(first);
    const sheet = await merchant.sheetOf(first ?? '');
    expect(await merchant.cashier({ ...sheet, action: 'pay' })).toBe('requestPayment:ok');
    const other = await merchant.sheetOf(second ?? '');
    expect(await merchant.cashier({ ...other, action: 'pay' })).toMatch(/已支付/);
  });

  test.each([
    ['amount', { amount: { total: 1801, currency: 'CNY' } }],
    ['description', { description: 'another' }],
    ['notify address', { notify_url: 'https://shop.example/other' }],
    ['attachment', { attach: 'another' }],
  ])('a number that was used with another %s is refused', async (_case, change) => {
    const request = merchant.content();
    await merchant.jsapi(request);
    const again = merchant.jsapi({ ...request, ...change });
    expect(await merchant.errorOf(again)).toEqual([400, 'INVALID_REQUEST']);
  });

  test('a number that was used for another payer or end is refused', async () => {
    const request = merchant.content({ time_expire: await ahead(1800) });
    await merchant.jsapi(request);
    const payer = { openid: await merchant.signIn('somebody else') };
    const refused = [400, 'INVALID_REQUEST'];
    expect(await merchant.errorOf(merchant.jsapi({ ...request, payer }))).toEqual(refused);
    const later = { ...request, time_expire: await ahead(1900) };
    expect(await merchant.errorOf(merchant.jsapi(later))).toEqual(refused);
  });

  test('a number that was paid or closed takes no other payment', async () => {
    const paid = merchant.content();
    await merchant.paid(paid);
    expect(await merchant.errorOf(merchant.jsapi(paid))).toEqual([400, 'ORDERPAID']);
    const closed = merchant.content();
    await merchant.jsapi(closed);
    await merchant.close(closed.out_trade_no);
    expect(await merchant.errorOf(merchant.jsapi(closed))).toEqual([400, 'ORDER_CLOSED']);
  });

  test.each([
    ['no merchant of ours', { mchid: '1600000000' }, [400, 'MCH_NOT_EXISTS']],
    ['no mini-program of ours', { appid: 'wx0000000000000000' }, [400, 'APPID_MCHID_NOT_MATCH']],
    ['a payer nobody knows', { payer: { openid: 'o-nobody' } }, [400, 'PARAM_ERROR']],
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
    expect(await merchant.errorOf(merchant.jsapi(merchant.content(change)))).toEqual(refusal);
  });

  test('127 characters are a description, whatever their bytes', async () => {
    const { status } = await merchant.jsapi(merchant.content({ description: '流'.repeat(127) }));
    expect(status).toBe(200);
  });

  test.each([
    ['half a minute', 30, 400],
    ['two minutes', 120, 200],
    ['89 days', 89 * 86_400, 200],
    ['91 days', 91 * 86_400, 400],
  ])('an order may end %s from now: %i s, %i', async (_case, seconds, status) => {
    const request = merchant.content({ time_expire: await ahead(seconds) });
    expect((await merchant.jsapi(request)).status).toBe(status);
  });

  test('within its last minute an order can be asked for again, and not after its end', async () => {
    const request = merchant.content({ time_expire: await ahead(10 * MINUTE_S) });
    const { body } = await merchant.jsapi(request);
    await sandbox.pass(9.5 * MINUTE_S);
    expect((await merchant.jsapi(request)).status).toBe(200);
    await sandbox.pass(MINUTE_S);
    expect(await merchant.errorOf(merchant.jsapi(request))).toEqual([403, 'OUT_TRADE_NO_USED']);
    const sheet = await merchant.sheetOf((body as { prepay_id: string }).prepay_id);
    expect(await merchant.cashier({ ...sheet, action: 'pay' })).toMatch(/过期/);
  });

  test('a prepayment lasts two hours', async () => {
    const { sheet } = await merchant.prepared();
    await sandbox.pass(2 * 3600 + 1);
    expect(await merchant.cashier({ ...sheet, action: 'pay' })).toMatch(/过期/);
  });
});

describe('the payment sheet', () => {
  test('is signed by the merchant over mini-program, time, nonce and package', async () => {
    const { number, sheet } = await merchant.prepared();
    const FORGED = 'requestPayment:fail 支付验证签名失败';
    const parts = ['timeStamp', 'nonceStr', 'paySign'] as const;
    for (const part of parts) {
      const changed = { ...sheet, [part]: `${sheet[part].slice(0, -3)}000`, action: 'pay' };
      expect(await merchant.cashier(changed)).toBe(FORGED);
    }
    expect(await merchant.cashier({ ...sheet, signType: 'MD5', action: 'pay' })).toBe(FORGED);
    const { sheet: other } = await merchant.prepared();
    const swapped = { ...sheet, package: other.package, action: 'pay' };
    expect(await merchant.cashier(swapped)).toBe(FORGED);
    expect((await merchant.query(number)).body).toMatchObject({ trade_state: 'NOTPAY' });
    expect(await merchant.cashier({ ...sheet, action: 'cancel' })).toBe(
      'requestPayment:fail cancel',
    );
    expect(await merchant.cashier({ ...sheet, action: 'pay' })).toBe('requestPayment:ok');
  });

  test('of 旭宇’s channel cannot be signed by the merchant', async () => {
    const shopper = await createShopper(sandbox);
    const { sheet } = await shopper.prepared();
    const ours = await merchant.sheetOf(sheet.package.replace('prepay_id=', ''));
    expect(await merchant.cashier({ ...ours, action: 'pay' })).toMatch(/签名失败/);
  });

  test('may be paid by its package alone', async () => {
    const { sheet } = await merchant.prepared();
    const request = { package: sheet.package, action: 'pay' };
    expect(await merchant.cashier(request)).toBe('requestPayment:ok');
  });
});

describe('querying', () => {
  test('shows an unpaid order, and what was paid, when, by whom, by either number', async () => {
    const { number, sheet } = await merchant.prepared({ attach: 'ours' });
    expect((await merchant.query(number)).body).toEqual({
      appid: merchant.appid,
      mchid: merchant.mchid,
      out_trade_no: number,
      trade_type: 'JSAPI',
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
      attach: 'ours',
      amount: { total: 1800, currency: 'CNY', payer_currency: 'CNY' },
    });
    await merchant.cashier({ ...sheet, action: 'pay' });
    const { body } = await merchant.query(number);
    expect(body).toMatchObject({
      trade_state: 'SUCCESS',
      transaction_id: expect.stringMatching(/^42000\d{23}$/) as string,
      success_time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$/) as string,
      payer: { openid: merchant.openid },
      amount: { total: 1800, payer_total: 1800, currency: 'CNY', payer_currency: 'CNY' },
    });
    const { success_time: time, transaction_id: id } = body as Record<string, string>;
    expect(Math.abs(Date.parse(time ?? '') - (await sandbox.now()))).toBeLessThan(5000);
    expect((await merchant.queryTransaction(id ?? '')).body).toEqual(body);
  });

  test('knows no number nobody ordered', async () => {
    const refused = [404, 'ORDER_NOT_EXIST'];
    expect(await merchant.errorOf(merchant.query('NOBODYS-ORDER'))).toEqual(refused);
    expect(await merchant.errorOf(merchant.query('constructor'))).toEqual(refused);
    expect(await merchant.errorOf(merchant.queryTransaction('4200000000'))).toEqual(refused);
  });

  test('needs the merchant number', async () => {
    const { number } = await merchant.prepared();
    const path = `/v3/pay/transactions/out-trade-no/${number}`;
    expect(await merchant.errorOf(merchant.get(path))).toEqual([400, 'PARAM_ERROR']);
    const foreign = merchant.get(`${path}?mchid=1600000000`);
    expect(await merchant.errorOf(foreign)).toEqual([400, 'MCH_NOT_EXISTS']);
  });
});

describe('closing', () => {
  test('ends an unpaid order at once, with no content', async () => {
    const { number, sheet } = await merchant.prepared();
    expect(await merchant.close(number)).toMatchObject({ status: 204, text: '' });
    expect((await merchant.query(number)).body).toMatchObject({ trade_state: 'CLOSED' });
    expect(await merchant.cashier({ ...sheet, action: 'pay' })).toMatch(/已关闭/);
    expect(await merchant.errorOf(merchant.close(number))).toEqual([400, 'ORDER_CLOSED']);
  });

  test('does not end what is paid, or what nobody ordered', async () => {
    const { number } = await merchant.paid();
    expect(await merchant.errorOf(merchant.close(number))).toEqual([400, 'ORDERPAID']);
    const unknown = merchant.close('NOBODYS-ORDER');
    expect(await merchant.errorOf(unknown)).toEqual([404, 'ORDER_NOT_EXIST']);
  });
});
