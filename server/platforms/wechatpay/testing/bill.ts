import { APP_ID, MCH_ID } from './scripted-wechat-pay';
import { OPENID, ORDER_NUMBER, REFUND_NUMBER, TRANSACTION_ID } from './samples';

/** The columns of a bill of type ALL (下载交易账单, 账单字段说明). */
const COLUMNS = (
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,' +
  '货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,' +
  '商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
).split(',');

/** The columns of older bills: without the amounts before coupons. */
export const olderColumns = COLUMNS.filter(
  (column) => !['订单金额', '申请退款金额', '费率备注'].includes(column),
).map((column) => (column === '应结订单金额' ? '总金额' : column));

export type BillRow = Record<string, string>;

export const billedPayment: BillRow = {
  交易时间: '2026-03-01 08:00:00',
  公众账号ID: APP_ID,
  商户号: MCH_ID,
  特约商户号: '0',
  微信订单号: TRANSACTION_ID,
  商户订单号: ORDER_NUMBER,
  用户标识: OPENID,
  交易类型: 'JSAPI',
  交易状态: 'SUCCESS',
  付款银行: 'OTHERS',
  货币种类: 'CNY',
  应结订单金额: '17.00',
  代金券金额: '0.00',
  微信退款单号: '0',
  商户退款单号: '0',
  退款金额: '0.00',
  充值券退款金额: '0.00',
  商品名称: '流卡流量充值 2GB\\ 月包',
  手续费: '0.11000',
  费率: '0.60%',
  订单金额: '18.00',
  总金额: '18.00',
  申请退款金额: '0.00',
};

export const billedRefund: BillRow = {
  ...billedPayment,
  交易状态: 'REFUND',
  应结订单金额: '0.00',
  微信退款单号: '50000000382019052709732678859',
  商户退款单号: REFUND_NUMBER,
  退款金额: '4.80',
  退款类型: 'ORIGINAL',
  退款状态: 'PROCESSING',
  订单金额: '0.00',
  申请退款金额: '5.00',
};

/** The refund as older bills have it. */
export const olderRefund: BillRow = { ...billedRefund, 退款金额: '5.00' };

/** Writes a bill in WeChat Pay's format: every value is preceded by a backtick. */
export function writeBill(rows: readonly BillRow[], columns: readonly string[] = COLUMNS): string {
  const lines = rows.map((row) => columns.map((column) => `\`${row[column] ?? ''}`).join(','));
  const sums =
    '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
  const all = [columns.join(','), ...lines, sums, '`2,`17.00,`4.80,`0.00,`0.11000,`18.00,`5.00'];
  return `${all.join('\r\n')}\r\n`;
}

export const columnsWithout = (name: string): string[] =>
  COLUMNS.filter((column) => column !== name);
export const columnsOf = (): string[] => [...COLUMNS];
export const columnsReversed = (): string[] => [...COLUMNS].reverse();
export const columnsWithDuplicate = (name: string): string[] => [...COLUMNS, name];
