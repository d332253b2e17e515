import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PlatformUnavailable } from '../ports';
import {
  billedPayment,
  billedRefund,
  columnsOf,
  columnsReversed,
  columnsWithDuplicate,
  columnsWithout,
  olderColumns,
  olderRefund,
  writeBill,
} from './testing/bill';
import type { BillRow } from './testing/bill';
import { dropConnection, startScriptedWechatPay } from './testing/scripted-wechat-pay';
import type { ScriptedWechatPay } from './testing/scripted-wechat-pay';
import { ORDER_NUMBER, REFUND_NUMBER, TRANSACTION_ID } from './testing/samples';

const DAY = '2026-03-01';
const APPLY = 'GET /v3/bill/tradebill';
const FILE = '/v3/billdownload/file';
/** 12:00 in Beijing on the next day. */
const READY = Date.UTC(2026, 2, 2, 4);

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

const good = writeBill([billedPayment, billedRefund]);
const stranger: BillRow = { ...billedPayment, 商户订单号: 'COUNTER2026030100001' };
const among = (...others: BillRow[]) => writeBill([billedPayment, ...others, billedRefund]);

it.each([
  ['columns in another order', writeBill([billedPayment, billedRefund], columnsReversed())],
  ['a leading byte order mark', `\uFEFF${good}`],
  ['LF line ends', good.replaceAll('\r', '')],
  ['the older columns', writeBill([billedPayment, olderRefund], olderColumns)],
  ['another shop’s name with a comma', among({ ...stranger, 商品名称: 'a,b' })],
  ['another shop’s name with a comma and a backtick', among({ ...stranger, 商品名称: 'a,`b,`c' })],
  ['another shop’s name with quotes', among({ ...stranger, 商品名称: '"a","b' })],
  ['another shop’s name with a line break', among({ ...stranger, 商品名称: 'a\r\nb\n\nc' })],
  ['another shop’s name with a line in backticks', among({ ...stranger, 商品名称: 'a\n`b,`c' })],
  ['another shop’s name like a summary', among({ ...stranger, 商品名称: 'a\n总交易单数,`1' })],
  ['our order number in a name', among({ ...stranger, 商品名称: `\n${ORDER_NUMBER},` })],
  [
    'a comma in our own name',
    writeBill([{ ...billedPayment, 商品名称: '2GB,月包' }, billedRefund]),
  ],
  [
    'a line break in our own data',
    writeBill([{ ...billedPayment, 商户数据包: '\n' }, billedRefund]),
  ],
  ['a revoked payment at a counter', among({ ...stranger, 交易状态: 'REVOKED' })],
  ['another shop’s damaged amount', among({ ...stranger, 订单金额: 'abc' })],
  ['another shop’s damaged time', among({ ...stranger, 交易时间: 'x', 订单金额: '99.00' })],
  [
    'another shop’s row without a time',
    among({ ...stranger, 订单金额: '99.00' }).replace(/\n`[^`]*(?=,[^\n]*COUNTER)/, '\n'),
  ],
  ['another shop’s row cut short', good.replace('\r\n`', '\r\n`2026-03-01 07:00:00,`x\r\n`')],
  ['a coupon for the whole amount', good.replaceAll('`17.00', '`0.00')],
])('reads a bill with %s', async (_name, file) => {
  serveBill(file);
  expect(await download()).toEqual(entries);
});

it('reads a compressed bill, whose digest is that of the decompressed file', async () => {
  serveBill(gzipSync(good), { hash_value: sha1(good) });
  expect(await download()).toEqual(entries);
  serveBill(gzipSync(good));
  await expect(download()).rejects.toThrow('digest');
  serveBill(gzipSync(good).subarray(0, -9), { hash_value: sha1(good) });
  await expect(download()).rejects.toThrow('digest');
});

it.each([
  ['a header alone', columnsOf().join(',')],
  ['a header and a summary', writeBill([])],
])('has no entries if it is %s', async (_name, file) => {
  serveBill(file);
  expect(await download()).toEqual([]);
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

  it('before 12:00; afterwards, a day without a bill had no payments', async () => {
    wechat.handlers[APPLY] = (request, response) => {
      wechat.respondError(400, 'NO_STATEMENT_EXIST')(request, response);
    };
    wechat.now = READY - 1;
    expect(await download()).toBeUndefined();
    wechat.now = READY;
    expect(await download()).toEqual([]);
  });
});

describe('a row of ours that cannot be read', () => {
  it.each<[string, BillRow]>([
    ['with another currency', { 货币种类: 'USD' }],
    ['with an unknown state', { 交易状态: 'REVOKED' }],
    ['of another merchant', { 商户号: '1900000002' }],
    ['with a damaged amount', { 订单金额: 'abc' }],
    ['with an amount of three decimals', { 订单金额: '18.001' }],
    ['with a negative amount', { 订单金额: '-18.00' }],
    ['with a payment of zero', { 订单金额: '0.00' }],
    ['without a transaction', { 微信订单号: '' }],
    ['with a refund in an unknown state', { 交易状态: 'REFUND', 退款状态: 'ORIGINAL' }],
    ['with a value too many', { ...billedRefund, 微信订单号: 'T2', 代金券金额: '0.00,`0.00' }],
  ])('%s is an entry by itself, and the others are read', async (_name, change) => {
    const damaged = { ...billedPayment, 微信订单号: 'T2', ...change };
    serveBill(writeBill([billedPayment, damaged, billedRefund]));
    const [payment, unreadable, refund] = (await download()) ?? [];
    expect([payment, refund]).toEqual(entries);
    expect(unreadable).toEqual({
      kind: 'unreadable',
      orderNumber: ORDER_NUMBER,
      transactionId: damaged.微信订单号,
      refundNumber: null,
      amount: 0,
    });
  });

  it.each([
    ['that is cut short', (row: string) => row.slice(0, row.indexOf('`JSAPI'))],
    ['with a value less', (row: string) => row.replace('`JSAPI,', '')],
    ['with a value without a backtick', (row: string) => row.replace('`JSAPI', 'JSAPI')],
  ])('%s is named by its order number', async (_name, damage) => {
    const [header = '', row = '', ...rest] = good.split('\r\n');
    serveBill([header, damage(row), ...rest].join('\r\n'));
    expect(await download()).toEqual([
      expect.objectContaining({ kind: 'unreadable', orderNumber: ORDER_NUMBER }),
      entries[1],
    ]);
  });

  it('is not a part of the row before it if its time is damaged', async () => {
    const { 交易时间: time = '' } = billedPayment;
    const lines = writeBill([stranger, billedPayment, billedRefund]).split('\r\n');
    lines[2] = lines[2]?.replace(`\`${time}`, 'x') ?? '';
    serveBill(lines.join('\r\n'));
    expect(await download()).toEqual([
      expect.objectContaining({ kind: 'unreadable', orderNumber: ORDER_NUMBER }),
      entries[1],
    ]);
  });
});

describe('a bill is rejected', () => {
  it.each([
    ['if it is empty', ''],
    ['without the header of the summary', good.slice(0, good.indexOf('总交易单数'))],
    ['without a required column', writeBill([billedPayment], columnsWithout('商户订单号'))],
    ['with a duplicate column', writeBill([billedPayment], columnsWithDuplicate('订单金额'))],
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
