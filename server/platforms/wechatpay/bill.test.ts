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
/** The hour from which on the bill of the day is there. */
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

it('is requested by its day, and downloaded from the configured host with a signature', async () => {
  serveBill(writeBill([billedPayment, billedRefund]));
  expect(await download()).toEqual(entries);
  const [apply, file] = wechat.requests.slice(-2);
  expect(apply?.query.toString()).toBe('bill_date=2026-03-01&bill_type=ALL');
  expect([file?.path, file?.query.toString()]).toEqual([FILE, 'token=a-b_c%2Fd']);
});

it.each([
  [
    'with its columns in another order',
    writeBill([billedPayment, billedRefund], columnsReversed()),
  ],
  ['behind a byte order mark', `\uFEFF${writeBill([billedPayment, billedRefund])}`],
  ['with line feeds alone', writeBill([billedPayment, billedRefund]).replaceAll('\r', '')],
])('is read %s', async (_name, file) => {
  serveBill(file);
  expect(await download()).toEqual(entries);
});

it('leaves out failed refunds and other mini-programs of the merchant', async () => {
  const failed = { ...billedRefund, 退款状态: 'FAIL' };
  const foreign = { ...billedPayment, 公众账号ID: 'wxffffffffffffffff' };
  serveBill(writeBill([failed, foreign]));
  expect(await download()).toEqual([]);
});

describe('is not there', () => {
  it('while it is being made', async () => {
    wechat.handlers[APPLY] = wechat.respondError(400, 'STATEMENT_CREATING');
    expect(await download()).toBeUndefined();
  });

  it('before ten o’clock; later, a day without a bill had no payments', async () => {
    wechat.handlers[APPLY] = (request, response) => {
      wechat.respondError(400, 'NO_STATEMENT_EXIST')(request, response);
    };
    wechat.now = READY - 1;
    expect(await download()).toBeUndefined();
    wechat.now = READY;
    expect(await download()).toEqual([]);
  });
});

describe('is not read', () => {
  const rowOf = (change: BillRow) => writeBill([{ ...billedPayment, ...change }]);
  const good = writeBill([billedPayment]);

  it.each([
    ['of nothing', ''],
    ['without the line over its sums', good.slice(0, good.indexOf('总交易单数'))],
    ['without a column that counts', writeBill([billedPayment], columnsWithout('申请退款金额'))],
    ['with a column twice', writeBill([billedPayment], columnsWithDuplicate('订单金额'))],
    ['with a value too many in a row', good.replace('`JSAPI', '`JSAPI,`')],
    ['with a value that has no backtick', good.replace('`JSAPI', 'JSAPI')],
    ['with a comma in a text', rowOf({ 商品名称: '2GB,月包' })],
    ['with another merchant’s row', rowOf({ 商户号: '1900000002' })],
    ['with another currency', rowOf({ 货币种类: 'USD' })],
    ['with a state it does not know', rowOf({ 交易状态: 'REVOKED' })],
    ['with an amount of three decimals', rowOf({ 订单金额: '18.001' })],
    ['with an amount below nothing', rowOf({ 订单金额: '-18.00' })],
    ['with a payment of nothing', rowOf({ 订单金额: '0.00' })],
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
    ['the digest is of another kind', { hash_type: 'MD5' }],
    ['there is no address', { download_url: 'file:///etc/passwd' }],
  ])('when %s', async (_name, change) => {
    serveBill(good, change);
    await expect(download()).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it('when the file does not come', async () => {
    serveBill(good);
    wechat.handlers[`GET ${FILE}`] = dropConnection;
    await expect(download()).rejects.toBeInstanceOf(PlatformUnavailable);
    wechat.handlers[`GET ${FILE}`] = wechat.respondError(400, 'INVALID_REQUEST');
    await expect(download()).rejects.toBeInstanceOf(PlatformUnavailable);
  });
});
