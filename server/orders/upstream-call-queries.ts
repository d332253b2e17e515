import { newId } from '../store/ids';
import type { UpstreamCallRow } from '../store/schema';
import type { Store } from '../store/store';

/**
 * Records a call to a platform and its outcome in the order's timeline. An outcome equal to that of the
 * previous call of the same operation is not recorded again: unsettled orders are queried often.
 */
export async function recordUpstreamCall(
  store: Store,
  call: { orderId: string; at: number; operation: string; outcome: string },
): Promise<void> {
  const last = await store
    .selectFrom('upstream_calls')
    .select('outcome')
    .where('order_id', '=', call.orderId)
    .where('operation', '=', call.operation)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last?.outcome === call.outcome) return;
  await store
    .insertInto('upstream_calls')
    .values({
      id: newId(),
      order_id: call.orderId,
      at: call.at,
      operation: call.operation,
      outcome: call.outcome,
    })
    .execute();
}

/** The recorded calls for an order, oldest first. */
export function listUpstreamCalls(store: Store, orderId: string): Promise<UpstreamCallRow[]> {
  return store
    .selectFrom('upstream_calls')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('id')
    .execute();
}
