import type { Payment } from '../platforms/ports';
import { newId } from '../store/ids';
import type { CaptureRow, OrderRow } from '../store/schema';
import type { StoreOrTx, Tx } from '../store/store';

/** The captures of an order, oldest first. More than one if it was paid twice. */
export function listCaptures(store: StoreOrTx, orderId: string): Promise<CaptureRow[]> {
  return store
    .selectFrom('captures')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('id')
    .execute();
}

/** The capture of a transaction, of any order. */
export function findCapture(
  store: StoreOrTx,
  channel: string,
  transactionId: string,
): Promise<CaptureRow | undefined> {
  return store
    .selectFrom('captures')
    .selectAll()
    .where('channel', '=', channel)
    .where('transaction_id', '=', transactionId)
    .executeTakeFirst();
}

/**
 * Records a payment.
 * @throws a unique violation if the transaction is recorded already
 */
export async function insertCapture(
  tx: Tx,
  order: OrderRow,
  payment: Payment,
): Promise<CaptureRow> {
  return tx
    .insertInto('captures')
    .values({
      id: newId(),
      order_id: order.id,
      channel: order.channel,
      transaction_id: payment.transactionId,
      amount_fen: payment.amount,
      paid_at: payment.paidAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
