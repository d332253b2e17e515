import { parseYuan } from '@shared/money';
import type { BillEntry } from '../ports';
import { CURRENCY } from './trades';
import type { MerchantAccount } from './trades';

/** The columns of a bill of type ALL that are read, by their names (下载交易账单, 账单字段说明). */
const columns = {
  appId: '公众账号ID',
  mchId: '商户号',
  transactionId: '微信订单号',
  orderNumber: '商户订单号',
  tradeState: '交易状态',
  currency: '货币种类',
  refundNumber: '商户退款单号',
  refundState: '退款状态',
  orderAmount: '订单金额',
  refundAmount: '申请退款金额',
} as const;
type Column = keyof typeof columns;
type Row = Record<Column, string>;

/** The first name in the line that stands over the sums, behind the last row. */
const SUMMARY_HEADER = '总交易单数';
const REFUND_FAILED = 'FAIL';
const NUMBER = /^[0-9A-Za-z_\-|*@]{1,64}$/;

/** Where each column stands; undefined where the header line has one not at all or twice. */
function locateColumns(
  header: string,
): { places: Record<Column, number>; width: number } | undefined {
  const names = header.split(',');
  const indexes = Object.entries(columns).map(([column, name]) => [column, names.indexOf(name)]);
  const isComplete = indexes.every(([, index]) => index !== -1);
  if (!isComplete || new Set(names).size !== names.length) return undefined;
  return { places: Object.fromEntries(indexes) as Record<Column, number>, width: names.length };
}

/** Every cell begins with a backtick, and commas in texts are escaped away (账单字段说明). */
function readCells(line: string, width: number): string[] | undefined {
  const cells = line.split(',');
  const isComplete = cells.length === width && cells.every((cell) => cell.startsWith('`'));
  return isComplete ? cells.map((cell) => cell.slice(1)) : undefined;
}

function readRow(line: string, indexes: Record<Column, number>, width: number): Row | undefined {
  const cells = readCells(line, width);
  if (cells === undefined) return undefined;
  const row = Object.entries(indexes).map(([column, index]) => [column, cells[index] ?? '']);
  return Object.fromEntries(row) as Row;
}

function toEntry(kind: BillEntry['kind'], row: Row): BillEntry | undefined {
  const { orderNumber, transactionId } = row;
  const amount = parseYuan(kind === 'payment' ? row.orderAmount : row.refundAmount);
  const refundNumber = kind === 'refund' ? row.refundNumber : null;
  const identifiers = [
    orderNumber,
    transactionId,
    ...(refundNumber === null ? [] : [refundNumber]),
  ];
  if (amount === undefined || amount === 0) return undefined;
  if (!identifiers.every((number) => NUMBER.test(number))) return undefined;
  return { kind, orderNumber, transactionId, refundNumber, amount };
}

/** What a row says of us, if anything; undefined where it is not understood. */
function readEntries(row: Row, account: MerchantAccount): BillEntry[] | undefined {
  if (row.mchId !== account.mchId) return undefined;
  // A merchant's number may serve several mini-programs: their rows are in the same bill.
  if (row.appId !== account.appId) return [];
  if (row.currency !== CURRENCY) return undefined;
  // A refund that failed gave nothing back.
  if (row.tradeState === 'REFUND' && row.refundState === REFUND_FAILED) return [];
  if (row.tradeState !== 'SUCCESS' && row.tradeState !== 'REFUND') return undefined;
  const entry = toEntry(row.tradeState === 'SUCCESS' ? 'payment' : 'refund', row);
  return entry && [entry];
}

/**
 * Reads a bill of type ALL: a header line, a row for each payment and each refund, and two lines of sums.
 * Amounts are what the order cost and what was asked to be given back, before any coupon of WeChat's.
 * Undefined where any of it is not understood: half a bill reads like the other half never happened.
 */
export function parseBill(csv: string, account: MerchantAccount): BillEntry[] | undefined {
  const lines = csv.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = locateColumns(lines[0] ?? '');
  const end = lines.findIndex((line) => line.startsWith(`${SUMMARY_HEADER},`));
  if (header === undefined || end === -1) return undefined;
  const entries: BillEntry[] = [];
  for (const line of lines.slice(1, end)) {
    const row = readRow(line, header.places, header.width);
    const rowEntries = row && readEntries(row, account);
    if (rowEntries === undefined) return undefined;
    entries.push(...rowEntries);
  }
  return entries;
}
