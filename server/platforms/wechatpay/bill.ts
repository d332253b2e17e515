import { fen, parseYuan } from '@shared/money';
import type { BillEntry } from '../ports';
import { splitBillRows } from './bill-rows';
import { CURRENCY } from './trades';
import type { MerchantAccount } from './trades';

/**
 * The columns we read of a bill of type ALL (下载交易账单, 账单字段说明), by their names. Older bills have no
 * columns for the amounts before coupons, and call the amounts 总金额 and 退款金额.
 */
const columns = {
  appId: ['公众账号ID'],
  mchId: ['商户号'],
  transactionId: ['微信订单号'],
  orderNumber: ['商户订单号'],
  tradeState: ['交易状态'],
  currency: ['货币种类'],
  refundNumber: ['商户退款单号'],
  refundState: ['退款状态'],
  orderAmount: ['订单金额', '总金额'],
  refundAmount: ['申请退款金额', '退款金额'],
} as const;
type Column = keyof typeof columns;
type Row = Record<Column, string>;
type Places = Record<Column, number>;

const REFUND_FAILED = 'FAIL';
/** 账单字段说明, 退款状态. Another value means that the values of the row are in the wrong columns. */
const REFUND_STATES = ['SUCCESS', 'PROCESSING', 'CHANGE', REFUND_FAILED];
const NUMBER = /^[0-9A-Za-z_\-|*@]{1,64}$/;

/** Whose bill it is, and which order numbers are ours: other shops may use the same merchant account. */
export interface BillOwner {
  account: MerchantAccount;
  isOwnOrderNumber: (orderNumber: string) => boolean;
}

/** The index of each column; undefined if the header lacks one or has a duplicate. */
function locateColumns(names: readonly string[]): Places | undefined {
  const places = Object.entries(columns).map(([column, aliases]) => {
    const name = aliases.find((alias) => names.includes(alias));
    return [column, name === undefined ? -1 : names.indexOf(name)] as const;
  });
  const isComplete = places.every(([, index]) => index !== -1);
  if (!isComplete || new Set(names).size !== names.length) return undefined;
  return Object.fromEntries(places) as Places;
}

function toRow(cells: readonly string[], places: Places): Row {
  const row = Object.entries(places).map(([column, index]) => [column, cells[index] ?? '']);
  return Object.fromEntries(row) as Row;
}

/** Undefined if the row is invalid; `none` if nothing was paid or refunded. */
function readEntry(row: Row, { account }: BillOwner): BillEntry | 'none' | undefined {
  if (row.mchId !== account.mchId || row.currency !== CURRENCY) return undefined;
  // A merchant may have several mini-programs, whose rows are in the same bill.
  if (row.appId !== account.appId) return 'none';
  if (row.tradeState === 'SUCCESS') return toEntry('payment', row);
  if (row.tradeState !== 'REFUND' || !REFUND_STATES.includes(row.refundState)) return undefined;
  // A failed refund refunded nothing.
  return row.refundState === REFUND_FAILED ? 'none' : toEntry('refund', row);
}

function toEntry(kind: 'payment' | 'refund', row: Row): BillEntry | undefined {
  const { orderNumber, transactionId } = row;
  const amount = parseYuan(kind === 'payment' ? row.orderAmount : row.refundAmount);
  const refundNumber = kind === 'refund' ? row.refundNumber : null;
  if (amount === undefined || amount === 0) return undefined;
  const numbers = [orderNumber, transactionId, refundNumber ?? orderNumber];
  if (!numbers.every((number) => NUMBER.test(number))) return undefined;
  return { kind, orderNumber, transactionId, refundNumber, amount };
}

/** The order number of ours in a damaged text; undefined if it has none. */
function findOwnNumber(text: string, { isOwnOrderNumber }: BillOwner): string | undefined {
  return text.match(/[0-9A-Za-z_\-|*]{6,32}/g)?.find(isOwnOrderNumber);
}

/**
 * Parses a bill of type ALL: a header, a row for each payment and each refund, and two summary lines. The
 * amounts are those of the order and the requested refund, before WeChat's own coupons. Rows of other shops
 * are skipped whatever they hold. A row of ours that cannot be read becomes an `unreadable` entry.
 * @returns undefined if the file is no complete bill
 */
export function parseBill(csv: string, owner: BillOwner): BillEntry[] | undefined {
  const bill = splitBillRows(csv);
  const places = bill && locateColumns(bill.names);
  if (!places) return undefined;
  return bill.rows.flatMap(({ start, cells }): BillEntry[] => {
    if (!cells) {
      const orderNumber = findOwnNumber(start, owner);
      return orderNumber === undefined ? [] : [unreadableEntry(orderNumber, '')];
    }
    const row = toRow(cells, places);
    if (!owner.isOwnOrderNumber(row.orderNumber)) {
      const orderNumber = findOwnNumber(row.orderNumber, owner);
      return orderNumber === undefined ? [] : [unreadableEntry(orderNumber, row.transactionId)];
    }
    const entry = readEntry(row, owner);
    if (entry === 'none') return [];
    return [entry ?? unreadableEntry(row.orderNumber, row.transactionId)];
  });
}

function unreadableEntry(orderNumber: string, transactionId: string): BillEntry {
  return {
    kind: 'unreadable',
    orderNumber,
    transactionId: NUMBER.test(transactionId) ? transactionId : '',
    refundNumber: null,
    amount: fen(0),
  };
}
