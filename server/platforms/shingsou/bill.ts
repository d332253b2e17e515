import { parseBeijing } from '@shared/beijing-time';
import { PlatformUnavailable } from '../ports';
import type { BillEntry } from '../ports';
import type { AnswerOf, ShingsouClient } from './client';
import { operations } from './operations';
import { fetchAllPages } from './pagination';
import { amountOf, queryRefused } from './field-readers';

type BillItem = AnswerOf<'downloadBill'>['items'][number];

const OPERATION = operations.downloadBill.id;

/** @throws PlatformUnavailable if a refund has no refund number, or a payment has one */
function readItem(item: BillItem): BillEntry {
  const { outTradeNo: orderNumber, transactionId, outRefundNo: refundNumber } = item;
  const isRefund = item.tradeState === 'REFUND';
  if (isRefund !== (refundNumber !== null)) {
    throw new PlatformUnavailable(`shingsou ${OPERATION}: an entry is neither payment nor refund`);
  }
  const amount = amountOf(OPERATION, isRefund ? item.refundAmount : item.totalAmount);
  const kind = isRefund ? 'refund' : 'payment';
  return { kind, orderNumber, transactionId, refundNumber, amount };
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
  const items = await fetchAllPages(OPERATION, keyOf, async (page) => {
    const result = await client.query('downloadBill', { billDate, ...page });
    if (result.outcome === 'done') return result.data;
    if (result.name === 'NO_STATEMENT_EXIST') return undefined;
    throw queryRefused(OPERATION, result);
  });
  return items?.map(readItem);
}
