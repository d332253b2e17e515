import { parseBeijing } from '@shared/beijing-time';
import { fen, parseYuan } from '@shared/money';
import { oddElements, oddField } from '../elements';
import type { BillEntry } from '../ports';
import type { AnswerOf, ShingsouClient } from './client';
import { operations } from './operations';
import { fetchAllPages } from './pagination';
import { queryRefused } from './field-readers';

type BillItem = AnswerOf<'downloadBill'>['items'][number];

const OPERATION = operations.downloadBill.id;

/** An entry that cannot be read is one by itself, so that it does not void the day. */
function readItem(item: BillItem): BillEntry {
  const { outTradeNo: orderNumber, transactionId, outRefundNo: refundNumber } = item;
  const isRefund = item.tradeState === 'REFUND';
  const amount = parseYuan(isRefund ? item.refundAmount : item.totalAmount);
  // A refund has a refund number, and a payment has none.
  if (amount === undefined || isRefund !== (refundNumber !== null)) {
    return unreadableEntry(orderNumber, transactionId);
  }
  const kind = isRefund ? 'refund' : 'payment';
  return { kind, orderNumber, transactionId, refundNumber, amount };
}

function unreadableEntry(orderNumber: string, transactionId: string): BillEntry {
  return { kind: 'unreadable', orderNumber, transactionId, refundNumber: null, amount: fen(0) };
}

/** The entries that do not match their schema, as far as they name an order. */
function unreadableEntries(items: readonly BillItem[]): BillEntry[] {
  return oddElements(items).flatMap((odd) => {
    const orderNumber = oddField(odd, 'outTradeNo');
    if (orderNumber === null) return [];
    return [unreadableEntry(orderNumber, oddField(odd, 'transactionId') ?? '')];
  });
}

function keyOf({ transactionId, outRefundNo }: BillItem): string {
  return `${transactionId} ${outRefundNo ?? ''}`;
}

/**
 * WeChat Pay's bill of a Beijing calendar day (YYYY-MM-DD), passed on by 旭宇; undefined while there is none.
 * @throws PlatformUnavailable
 */
export async function downloadBill(
  client: ShingsouClient,
  day: string,
): Promise<BillEntry[] | undefined> {
  if (parseBeijing(day) === undefined) throw new TypeError('not a calendar day');
  const billDate = day.replaceAll('-', '');
  const unreadable: BillEntry[] = [];
  const items = await fetchAllPages(OPERATION, keyOf, async (page) => {
    const result = await client.query('downloadBill', { billDate, ...page });
    if (result.outcome === 'done') {
      unreadable.push(...unreadableEntries(result.data.items));
      return result.data;
    }
    if (result.name === 'NO_STATEMENT_EXIST') return undefined;
    throw queryRefused(OPERATION, result);
  });
  return items && [...items.map(readItem), ...unreadable];
}
