import type { Transaction } from 'kysely';
import type { Payment } from '../platforms/ports';
import { newId } from '../store/ids';
import type { CaptureRow, Database, OrderRow } from '../store/schema';
import type { Store } from '../store/store';

type Reader = Store | Transaction<Database>;

/** What the channel took for an order, oldest first: more than one row where it was paid twice. */
export function listCaptures(store: Reader, orderId: string): Promise<CaptureRow[]> {
  return store
    .selectFrom('captures')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('id')
    .execute();
}

/** The capture of a transaction, whichever order it is for. */
export function findCapture(
  store: Reader,
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

/** Books what the channel took. A transaction can be booked once. */
export async function insertCapture(
  tx: Transaction<Database>,
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
