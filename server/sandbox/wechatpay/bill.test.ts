import { createHash } from 'node:crypto';
import { createWechatPayClient, type WechatPayClient } from '../testing/wechatpay-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let wechatPay: WechatPayClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  wechatPay = await createWechatPayClient(sandbox);
});
afterEach(() => sandbox.close());

/** The tests' clock starts on this day, at eleven in the morning. */
const DAY = '2026-05-12';
const HOUR_S = 3600;
const UNTIL_TEN_NEXT_DAY_S = 23 * HOUR_S;

const apply = (query = `bill_date=${DAY}&bill_type=ALL`) =>
  wechatPay.get(`/v3/bill/tradebill?${query}`);

interface BillAddress {
  hash_type: string;
  hash_value: string;
  download_url: string;
}

async function download() {
  const { body } = await apply();
  const { hash_type: type, hash_value: digest, download_url: address } = body as BillAddress;
  const { pathname, search } = new URL(address);
  // As bytes: reading text would drop the byte order mark.
  const reply = await wechatPay.get(`${pathname}${search}`);
  return { type, digest, reply };
}

/** The columns of the document's example. */
const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,' +
  '应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,' +
  '手续费,费率,订单金额,申请退款金额,费率备注';

test('a day’s bill has its payments and refunds, with backticks before values, and the sums', async () => {
  const { number } = await wechatPay.createPaidOrder({ description: 'two three' });
  await wechatPay.refund(number, { amount: { refund: 300, total: 1800, currency: 'CNY' } });
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S + 60);
  const { reply } = await download();
  const lines = reply.text.split('\r\n');
  expect(lines[0]).toBe(HEADER);
  const cells = (line = '') => line.split(',').map((cell) => cell.replace(/^`/, ''));
  const [payment = [], refund = []] = lines.filter((line) => line.includes(number)).map(cells);
  expect([payment.length, refund.length]).toEqual([27, 27]);
  const named = (values: string[]) =>
    Object.fromEntries(HEADER.split(',').map((name, position) => [name, values[position]]));
  expect(named(payment)).toMatchObject({
    交易时间: expect.stringMatching(/^2026-05-12 11:\d{2}:\d{2}$/) as string,
    公众账号ID: wechatPay.appid,
    商户号: wechatPay.mchid,
    微信订单号: expect.stringMatching(/^42000\d{23}$/) as string,
    商户订单号: number,
    用户标识: wechatPay.openid,
    交易类型: 'JSAPI',
    交易状态: 'SUCCESS',
    货币种类: 'CNY',
    应结订单金额: '18.00',
    商户退款单号: '0',
    退款金额: '0.00',
    商品名称: 'two three',
    订单金额: '18.00',
  });
  expect(named(refund)).toMatchObject({
    商户订单号: number,
    交易状态: 'REFUND',
    订单金额: '0.00',
    微信退款单号: expect.stringMatching(/^503\d{26}$/) as string,
    商户退款单号: 'REFUND-1',
    退款金额: '3.00',
    退款类型: 'ORIGINAL',
    退款状态: 'SUCCESS',
    申请退款金额: '3.00',
  });
  const [totals, sums, end] = lines.slice(-3);
  expect(totals).toMatch(/^总交易单数,应结订单总金额,退款总金额,/);
  expect(sums).toBe('`5,`96.50,`3.00,`0.00,`0.00000,`96.50,`3.00');
  expect(end).toBe('');
});

test('a bill has the rows of other shops under the merchant account, with whatever is in their names', async () => {
  await wechatPay.createPaidOrder();
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S + 60);
  const { reply } = await download();
  expect(reply.text).toContain(',`REVOKED,');
  expect(reply.text).toContain('`拿铁,大杯,"少冰",`desk,`7,');
  expect(reply.text).toContain('礼盒\r\n总交易单数,`1\n（含“贺卡”）');
});

test('a bill can have the columns of older bills', async () => {
  await sandbox.setFaults({ wechatpayOlderBill: true });
  await wechatPay.createPaidOrder();
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S + 60);
  const [header = ''] = (await download()).reply.text.split('\r\n');
  expect(header.split(',')).toHaveLength(24);
  expect(header).toContain('总金额,代金券金额');
  expect(header).not.toContain('订单金额');
});

test('the digest of a compressed bill is that of its text', async () => {
  await wechatPay.createPaidOrder();
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S + 60);
  const plain = await download();
  const { body } = await apply(`bill_date=${DAY}&tar_type=GZIP`);
  const { hash_value: digest, download_url: address } = body as BillAddress;
  expect(digest).toBe(plain.digest);
  const { pathname, search } = new URL(address);
  const { headers } = await wechatPay.get(`${pathname}${search}`);
  expect(Number(headers.get('content-length'))).toBeLessThan(Buffer.byteLength(plain.reply.text));
});

test('the signed digest covers every byte of the file, which is itself unsigned', async () => {
  await wechatPay.createPaidOrder();
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S + 60);
  const { type, digest, reply } = await download();
  expect(type).toBe('SHA1');
  // Reading the text dropped the byte order mark.
  const bytes = Buffer.from(`\uFEFF${reply.text}`);
  expect(createHash('sha1').update(bytes).digest('hex')).toBe(digest);
  expect(reply.headers.get('content-length')).toBe(String(bytes.length));
  expect(reply.headers.get('wechatpay-signature')).toBeNull();
});

test('a bill is available from ten the next morning on', async () => {
  await wechatPay.createPaidOrder();
  expect(await wechatPay.errorOf(apply())).toEqual([400, 'NO_STATEMENT_EXIST']);
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S - 60);
  expect(await wechatPay.errorOf(apply())).toEqual([400, 'STATEMENT_CREATING']);
  await sandbox.advanceClock(120);
  expect((await apply()).status).toBe(200);
  expect((await apply(`bill_date=${DAY}`)).status).toBe(200);
});

test('a day on which nothing was paid has no bill', async () => {
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S + 60);
  expect(await wechatPay.errorOf(apply())).toEqual([400, 'NO_STATEMENT_EXIST']);
});

test.each([
  ['a day that does not exist', 'bill_date=2026-02-30&bill_type=ALL', 'PARAM_ERROR'],
  ['no day', 'bill_type=ALL', 'PARAM_ERROR'],
  ['another type', `bill_date=${DAY}&bill_type=RECHARGE_REFUND`, 'PARAM_ERROR'],
  ['another compression', `bill_date=${DAY}&tar_type=ZIP`, 'PARAM_ERROR'],
  ['a day long ago', 'bill_date=2026-01-31', 'INVALID_REQUEST'],
])('a bill of %s is refused', async (_case, query, code) => {
  expect(await wechatPay.errorOf(apply(query))).toEqual([400, code]);
});

test('the URL of a bill is valid for five minutes, needs a signature, and cannot be forged', async () => {
  await wechatPay.createPaidOrder();
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S + 60);
  const { body } = await apply();
  const { pathname, search } = new URL((body as BillAddress).download_url);
  const address = `${pathname}${search}`;
  expect((await wechatPay.get(address, { signedUrl: pathname })).status).toBe(401);
  const refused = [400, 'INVALID_REQUEST'];
  const other = address.replace(DAY, '2026-05-11');
  expect(await wechatPay.errorOf(wechatPay.get(other))).toEqual(refused);
  expect(await wechatPay.errorOf(wechatPay.get(`${pathname}?token=1`))).toEqual(refused);
  expect((await wechatPay.get(address)).status).toBe(200);
  await sandbox.advanceClock(301);
  expect(await wechatPay.errorOf(wechatPay.get(address))).toEqual(refused);
});
