import { parseYuan } from '@shared/money';
import type { BillEntry } from '../ports';
import { CURRENCY } from './trades';
import type { MerchantAccount } from './trades';

/** The columns we read of a bill of type ALL (下载交易账单, 账单字段说明). */
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

/** The first column of the summary, which follows the last row. */
const SUMMARY_HEADER = '总交易单数';
const REFUND_FAILED = 'FAIL';
const NUMBER = /^[0-9A-Za-z_\-|*@]{1,64}$/;

/** The index of each column; undefined if the header lacks one or has a duplicate. */
function locateColumns(
  header: string,
): { places: Record<Column, number>; width: number } | undefined {
  const names = header.split(',');
  const indexes = Object.entries(columns).map(([column, name]) => [column, names.indexOf(name)]);
  const isComplete = indexes.every(([, index]) => index !== -1);
  if (!isComplete || new Set(names).size !== names.length) return undefined;
  return { places: Object.fromEntries(indexes) as Record<Column, number>, width: names.length };
}

/** Every cell starts with a backtick, and no text contains a comma (账单字段说明). */
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

/** The entries of a row: none if it is not ours; undefined if the row is invalid. */
function readEntries(row: Row, account: MerchantAccount): BillEntry[] | undefined {
  if (row.mchId !== account.mchId) return undefined;
  // A merchant may have several mini-programs, whose rows are in the same bill.
  if (row.appId !== account.appId) return [];
  if (row.currency !== CURRENCY) return undefined;
  // A failed refund refunded nothing.
  if (row.tradeState === 'REFUND' && row.refundState === REFUND_FAILED) return [];
  if (row.tradeState !== 'SUCCESS' && row.tradeState !== 'REFUND') return undefined;
  const entry = toEntry(row.tradeState === 'SUCCESS' ? 'payment' : 'refund', row);
  return entry && [entry];
}

/**
 * Parses a bill of type ALL: a header, a row for each payment and each refund, and two summary lines. The
 * amounts are those of the order and the requested refund, before WeChat's own coupons. Undefined if any part
 * is invalid: a partial bill would look as if the other payments had never happened.
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
