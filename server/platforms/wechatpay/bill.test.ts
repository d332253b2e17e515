import { createHash } from 'node:crypto';
import { PlatformUnavailable } from '../ports';
import {
  billedPayment,
  billedRefund,
  columnsReversed,
  columnsWithDuplicate,
  columnsWithout,
  writeBill,
} from './testing/bill';
import type { BillRow } from './testing/bill';
import { dropConnection, startScriptedWechatPay } from './testing/scripted-wechat-pay';
import type { ScriptedWechatPay } from './testing/scripted-wechat-pay';
import { ORDER_NUMBER, REFUND_NUMBER, TRANSACTION_ID } from './testing/samples';

const DAY = '2026-03-01';
const APPLY = 'GET /v3/bill/tradebill';
const FILE = '/v3/billdownload/file';
/** Bills of the previous day are available from 10:00 Beijing time. */
const READY = Date.UTC(2026, 2, 2, 2);

const entries = [
  {
    kind: 'payment',
    orderNumber: ORDER_NUMBER,
    transactionId: TRANSACTION_ID,
    refundNumber: null,
    amount: 1800,
  },
  {
    kind: 'refund',
    orderNumber: ORDER_NUMBER,
    transactionId: TRANSACTION_ID,
    refundNumber: REFUND_NUMBER,
    amount: 500,
  },
];

let wechat: ScriptedWechatPay;
beforeAll(async () => {
  wechat = await startScriptedWechatPay();
});
afterAll(() => wechat.close());

const download = () => wechat.pay.payments.downloadBill(DAY);
const sha1 = (bytes: string | Buffer) => createHash('sha1').update(bytes).digest('hex');

function serveBill(file: string | Buffer, change: object = {}): void {
  wechat.handlers[APPLY] = wechat.respond(200, {
    hash_type: 'SHA1',
    hash_value: sha1(file),
    download_url: `https://somewhere.else.example${FILE}?token=a-b_c%2Fd`,
    ...change,
  });
  // The file itself is not signed.
  wechat.handlers[`GET ${FILE}`] = (_request, response) => response.end(file);
}

it('requests the bill of a day, and downloads it from the configured host with a signature', async () => {
  serveBill(writeBill([billedPayment, billedRefund]));
  expect(await download()).toEqual(entries);
  const [apply, file] = wechat.requests.slice(-2);
  expect(apply?.query.toString()).toBe('bill_date=2026-03-01&bill_type=ALL');
  expect([file?.path, file?.query.toString()]).toEqual([FILE, 'token=a-b_c%2Fd']);
});

it.each([
  ['columns in another order', writeBill([billedPayment, billedRefund], columnsReversed())],
  ['a leading byte order mark', `\uFEFF${writeBill([billedPayment, billedRefund])}`],
  ['LF line ends', writeBill([billedPayment, billedRefund]).replaceAll('\r', '')],
])('reads a bill with %s', async (_name, file) => {
  serveBill(file);
  expect(await download()).toEqual(entries);
});

it('omits failed refunds and the entries of other mini-programs of the merchant', async () => {
  const failed = { ...billedRefund, 退款状态: 'FAIL' };
  const foreign = { ...billedPayment, 公众账号ID: 'wxffffffffffffffff' };
  serveBill(writeBill([failed, foreign]));
  expect(await download()).toEqual([]);
});

describe('no bill is available', () => {
  it('while WeChat Pay generates it', async () => {
    wechat.handlers[APPLY] = wechat.respondError(400, 'STATEMENT_CREATING');
    expect(await download()).toBeUndefined();
  });

  it('before 10:00; afterwards, a day without a bill had no payments', async () => {
    wechat.handlers[APPLY] = (request, response) => {
      wechat.respondError(400, 'NO_STATEMENT_EXIST')(request, response);
    };
    wechat.now = READY - 1;
    expect(await download()).toBeUndefined();
    wechat.now = READY;
    expect(await download()).toEqual([]);
  });
});

describe('a bill is rejected', () => {
  const rowOf = (change: BillRow) => writeBill([{ ...billedPayment, ...change }]);
  const good = writeBill([billedPayment]);

  it.each([
    ['if it is empty', ''],
    ['without the header of the summary', good.slice(0, good.indexOf('总交易单数'))],
    ['without a required column', writeBill([billedPayment], columnsWithout('申请退款金额'))],
    ['with a duplicate column', writeBill([billedPayment], columnsWithDuplicate('订单金额'))],
    ['with an extra value in a row', good.replace('`JSAPI', '`JSAPI,`')],
    ['with a value without a backtick', good.replace('`JSAPI', 'JSAPI')],
    ['with a comma in a value', rowOf({ 商品名称: '2GB,月包' })],
    ['with a row of another merchant', rowOf({ 商户号: '1900000002' })],
    ['with another currency', rowOf({ 货币种类: 'USD' })],
    ['with an unknown state', rowOf({ 交易状态: 'REVOKED' })],
    ['with an amount of three decimals', rowOf({ 订单金额: '18.001' })],
    ['with a negative amount', rowOf({ 订单金额: '-18.00' })],
    ['with a payment of zero', rowOf({ 订单金额: '0.00' })],
    ['without an order number', rowOf({ 商户订单号: '' })],
    ['in another encoding', Buffer.from('\xbd\xbb\xd2\xd7', 'latin1')],
  ])('%s', async (_name, file) => {
    serveBill(file);
    await expect(download()).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it('if a single byte differs from the signed digest', async () => {
    serveBill(good, { hash_value: sha1(`${good} `) });
    await expect(download()).rejects.toThrow('digest');
  });

  it.each([
    ['the digest uses another algorithm', { hash_type: 'MD5' }],
    ['the download address is not an HTTP URL', { download_url: 'file:///etc/passwd' }],
  ])('if %s', async (_name, change) => {
    serveBill(good, change);
    await expect(download()).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it('if the file cannot be downloaded', async () => {
    serveBill(good);
    wechat.handlers[`GET ${FILE}`] = dropConnection;
    await expect(download()).rejects.toBeInstanceOf(PlatformUnavailable);
    wechat.handlers[`GET ${FILE}`] = wechat.respondError(400, 'INVALID_REQUEST');
    await expect(download()).rejects.toBeInstanceOf(PlatformUnavailable);
  });
});
