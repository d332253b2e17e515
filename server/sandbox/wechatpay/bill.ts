import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beijingDate, beijingDateTime, parseBeijing } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { TradeRefund, Transaction } from '../state';
import { derive, type Simulator } from '../simulator';
import { otherShopTrades, type OtherShopTrade } from './other-shops';
import { okReply, payErrorReply, type PayReply } from './pay-reply';
import type { TradeBillRequest } from './requests';

/**
 * Bills of WeChat Pay's API v3 (申请交易账单, 下载账单; 账单格式 of type ALL). The file is UTF-8 with a byte order mark and
 * CRLF, as the example file in the tests of WeChat Pay's own Go library is (its SHA-1 fits no other form).
 */

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** A day's bill is available from 10:00 of the next day on, Beijing time. */
export const BILL_MADE_AFTER_MS = DAY_MS + 10 * HOUR_MS;

const KEPT_FOR_MS = 92 * DAY_MS;
const ADDRESS_LASTS_MS = 5 * 60_000;

const columns = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '特约商户号',
  '设备号',
  '微信订单号',
  '商户订单号',
  '用户标识',
  '交易类型',
  '交易状态',
  '付款银行',
  '货币种类',
  '应结订单金额',
  '代金券金额',
  '微信退款单号',
  '商户退款单号',
  '退款金额',
  '充值券退款金额',
  '退款类型',
  '退款状态',
  '商品名称',
  '商户数据包',
  '手续费',
  '费率',
  '订单金额',
  '申请退款金额',
  '费率备注',
] as const;

type Column = (typeof columns)[number];

const totals = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
] as const;

const yuan = (amountFen: number) => formatYuan(fen(amountFen));

interface Line {
  at: number;
  paidFen: number;
  returnedFen: number;
  cells: Partial<Record<Column, string>>;
}

function commonCells(simulator: Simulator, transaction: Transaction, at: number): Line['cells'] {
  const trade = simulator.trades.find(transaction.outTradeNo);
  return {
    交易时间: beijingDateTime(at),
    公众账号ID: simulator.credentials.appId,
    商户号: simulator.credentials.mchId,
    特约商户号: '0',
    微信订单号: transaction.transactionId,
    商户订单号: transaction.outTradeNo,
    用户标识: transaction.openId,
    交易类型: 'JSAPI',
    付款银行: 'OTHERS',
    货币种类: 'CNY',
    代金券金额: '0.00',
    充值券退款金额: '0.00',
    // Nothing is quoted: a comma ends the value, a line feed the line.
    商品名称: trade?.description ?? '',
    商户数据包: trade?.attach ?? '',
    手续费: '0.00000',
    费率: '0.60%',
  };
}

function paymentLine(simulator: Simulator, transaction: Transaction): Line {
  const { amountFen, paidAt } = transaction;
  return {
    at: paidAt,
    paidFen: amountFen,
    returnedFen: 0,
    cells: {
      ...commonCells(simulator, transaction, paidAt),
      交易状态: 'SUCCESS',
      应结订单金额: yuan(amountFen),
      微信退款单号: '0',
      商户退款单号: '0',
      退款金额: '0.00',
      订单金额: yuan(amountFen),
      申请退款金额: '0.00',
    },
  };
}

/** The document's names of the states of refunds. */
const refundStates = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  ABNORMAL: 'CHANGE',
  CLOSED: 'FAIL',
} as const;

/** A refund is in the bill of the day on which it was requested. */
function refundLine(simulator: Simulator, transaction: Transaction, refund: TradeRefund): Line {
  const amount = yuan(refund.amountFen);
  return {
    at: refund.createdAt,
    paidFen: 0,
    returnedFen: refund.amountFen,
    cells: {
      ...commonCells(simulator, transaction, refund.createdAt),
      交易状态: 'REFUND',
      应结订单金额: '0.00',
      微信退款单号: refund.refundId,
      商户退款单号: refund.outRefundNo,
      退款金额: amount,
      退款类型: 'ORIGINAL',
      退款状态: refundStates[refund.status],
      订单金额: '0.00',
      申请退款金额: amount,
    },
  };
}

function otherShopLine(simulator: Simulator, trade: OtherShopTrade, at: number): Line {
  const { appId, mchId } = simulator.credentials;
  const amount = yuan(trade.amountFen);
  return {
    at,
    paidFen: trade.state === 'SUCCESS' ? trade.amountFen : 0,
    returnedFen: 0,
    cells: {
      交易时间: beijingDateTime(at),
      公众账号ID: trade.isSameApp ? appId : `${appId.slice(0, -4)}ffff`,
      商户号: mchId,
      特约商户号: '0',
      微信订单号: trade.transactionId,
      商户订单号: trade.orderNumber,
      用户标识: '',
      交易类型: trade.isSameApp ? 'MICROPAY' : 'JSAPI',
      交易状态: trade.state,
      付款银行: 'OTHERS',
      货币种类: 'CNY',
      应结订单金额: amount,
      代金券金额: '0.00',
      微信退款单号: '0',
      商户退款单号: '0',
      退款金额: '0.00',
      充值券退款金额: '0.00',
      商品名称: trade.goods,
      商户数据包: trade.attach,
      手续费: '0.00000',
      费率: '0.60%',
      订单金额: amount,
      申请退款金额: '0.00',
    },
  };
}

/** The lines of a day. Other shops sell only on days on which this one does, so that a day can have no bill. */
function linesOf(simulator: Simulator, day: string): Line[] {
  const own = ownLines(simulator, day);
  const [first] = own;
  if (!first) return [];
  if (simulator.state.faults.wechatpayDamagedBill) first.cells.订单金额 = 'abc';
  const others = otherShopTrades.map((trade) => otherShopLine(simulator, trade, first.at));
  return [...others, ...own];
}

function ownLines(simulator: Simulator, day: string): Line[] {
  const payments = simulator.transactions.all
    .filter(({ paidAt }) => beijingDate(paidAt) === day)
    .map((transaction) => paymentLine(simulator, transaction));
  const refunds = simulator.tradeRefunds.all
    .filter(({ createdAt }) => beijingDate(createdAt) === day)
    .flatMap((refund) => {
      const transaction = simulator.transactions.find(refund.transactionId);
      return transaction ? [refundLine(simulator, transaction, refund)] : [];
    });
  return [...payments, ...refunds].sort((one, other) => one.at - other.at);
}

/** Puts a backtick before each value, so that spreadsheets read it as text. */
const row = (values: readonly string[]) => values.map((value) => `\`${value}`).join(',');

/** The columns of older bills, which have no amounts before coupons, and the columns they correspond to. */
const olderColumns: readonly (readonly [name: string, column: Column])[] = columns
  .slice(0, -3)
  .map((column) => [column === '应结订单金额' ? '总金额' : column, column]);
const currentColumns = columns.map((column) => [column, column] as const);

function billText({ state }: Simulator, lines: readonly Line[]): string {
  const names = state.faults.wechatpayOlderBill ? olderColumns : currentColumns;
  const sum = (amountOf: (line: Line) => number) =>
    yuan(lines.reduce((total, line) => total + amountOf(line), 0));
  const paid = sum(({ paidFen }) => paidFen);
  const returned = sum(({ returnedFen }) => returnedFen);
  const rows = [
    names.map(([name]) => name).join(','),
    ...lines.map(({ cells }) => row(names.map(([, column]) => cells[column] ?? ''))),
    totals.join(','),
    row([String(lines.length), paid, returned, '0.00', '0.00000', paid, returned]),
  ];
  return `\uFEFF${rows.map((text) => `${text}\r\n`).join('')}`;
}

function signToken(simulator: Simulator, text: string): string {
  const key = derive(simulator.state.seed, 'bill address');
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** A file that was applied for. */
interface BillFile {
  day: string;
  isCompressed: boolean;
}

/** A self-contained token for a day's file, valid for five minutes. */
function makeToken(simulator: Simulator, { day, isCompressed }: BillFile): string {
  const text = `${day}.${isCompressed ? 'gz' : ''}.${simulator.now() + ADDRESS_LASTS_MS}`;
  return `${text}.${signToken(simulator, text)}`;
}

function readToken(simulator: Simulator, token: string): BillFile | undefined {
  const [day = '', form = '', until = '', mac = ''] = token.split('.');
  const expected = Buffer.from(signToken(simulator, `${day}.${form}.${until}`));
  const given = Buffer.from(mac);
  const genuine = given.length === expected.length && timingSafeEqual(given, expected);
  return genuine && Number(until) > simulator.now()
    ? { day, isCompressed: form === 'gz' }
    : undefined;
}

/** 申请交易账单. A day without payments and refunds has no bill. The digest is that of the decompressed file. */
export function applyForBill(
  simulator: Simulator,
  { bill_date: day, tar_type }: TradeBillRequest,
  origin: string,
): PayReply {
  const start = parseBeijing(day);
  const age = start === undefined ? 0 : simulator.now() - start;
  if (age > KEPT_FOR_MS) return payErrorReply('INVALID_REQUEST', '仅支持下载三个月内的账单');
  if (age >= DAY_MS && age < BILL_MADE_AFTER_MS) {
    return payErrorReply('STATEMENT_CREATING', '账单生成中');
  }
  const lines = age < BILL_MADE_AFTER_MS ? [] : linesOf(simulator, day);
  if (lines.length === 0) return payErrorReply('NO_STATEMENT_EXIST', '账单文件不存在');
  return okReply({
    hash_type: 'SHA1',
    hash_value: createHash('sha1').update(billText(simulator, lines)).digest('hex'),
    download_url: `${origin}/v3/billdownload/file?token=${makeToken(simulator, { day, isCompressed: tar_type === 'GZIP' })}`,
  });
}

/** 下载账单: the file of a token that is at most five minutes old. */
export function readBill(simulator: Simulator, token: string): string | Buffer | undefined {
  const file = readToken(simulator, token);
  if (!file) return undefined;
  const text = billText(simulator, linesOf(simulator, file.day));
  return file.isCompressed ? gzipSync(text) : text;
}
