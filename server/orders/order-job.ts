import type { OrderState } from '@shared/order-state';
import { deleteJob, scheduleJob } from '../jobs/job-queries';
import type { StoreOrTx, Tx } from '../store/store';
import { nextCheckDelay } from './order-state';

/** The kind of the jobs that check orders. Their subject is the order's id. */
export const ORDER_JOB = 'order';

/** Schedules the first check of an order in the state it enters, or deletes its job if none is due. */
export async function scheduleFirstCheck(
  tx: Tx,
  { orderId, state, now }: { orderId: string; state: OrderState; now: number },
): Promise<void> {
  const delay = nextCheckDelay(state, 0);
  if (delay === undefined) await deleteJob(tx, ORDER_JOB, orderId);
  else await scheduleJob(tx, { kind: ORDER_JOB, subjectId: orderId, runAt: now + delay });
}

/** Makes an order's next check due at `at` (epoch ms). */
export async function checkOrderSoon(
  writer: StoreOrTx,
  orderId: string,
  at: number,
): Promise<void> {
  await scheduleJob(writer, { kind: ORDER_JOB, subjectId: orderId, runAt: at });
}
