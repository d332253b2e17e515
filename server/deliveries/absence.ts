import type { OrderContext } from '../orders/order-context';
import { ABSENCE_PROVEN_AFTER_MS } from '../orders/order-state';
import type { DeliveryRow } from '../store/schema';
import { creditAbsence } from './delivery-queries';

/**
 * How much absence one look at the platform's list can prove, in ms: twice the interval of the checks. So a
 * clock of the platform that jumps proves hardly anything.
 */
const MAX_CREDIT_MS = 2 * 60_000;

/** A look at the platform's list in which an order was missing. */
export interface AbsentLook {
  /** When the platform was asked, by our monotonic clock. */
  askedAt: number;
  /** The platform's own time of its answer, in epoch ms; null if it gives none. */
  platformTime: number | null;
}

/**
 * Records that an order is missing from its platform's list. Only the time between two looks counts, by the
 * platform's clock, or by the monotonic clock of a process that looked twice: our wall clock can be hours
 * off. The times of several processes are never added where they overlap.
 * @param row as it was read before the look
 * @returns whether it has been missing for so long that the package was never ordered
 */
export async function recordAbsence(
  context: OrderContext,
  row: DeliveryRow,
  look: AbsentLook,
): Promise<boolean> {
  // The platform said that it has the order, so its list is wrong. A person decides.
  if (row.outcome === 'accepted') return false;
  const absentMs = await (look.platformTime === null
    ? creditByMonotonicClock(context, row, look.askedAt)
    : creditByPlatformTime(context, row, look.platformTime));
  return absentMs >= ABSENCE_PROVEN_AFTER_MS;
}

/** A time before the latest one proves nothing, so a platform whose clocks differ gains no time. */
async function creditByPlatformTime(
  { store }: OrderContext,
  row: DeliveryRow,
  platformTime: number,
): Promise<number> {
  const { absent_at: latest, absent_ms: before } = row;
  if (latest !== null && platformTime <= latest) return before;
  const credit = latest === null ? 0 : Math.min(platformTime - latest, MAX_CREDIT_MS);
  const absentMs = before + credit;
  return (await creditAbsence(store, row, { absentMs, absentAt: platformTime }))
    ? absentMs
    : before;
}

/**
 * Counts the time since the previous look of this process, unless another process has counted a part of it.
 */
async function creditByMonotonicClock(
  { store, monotonicClock, absenceLooks }: OrderContext,
  row: DeliveryRow,
  askedAt: number,
): Promise<number> {
  const { order_id: orderId, absent_at: absentAt, absent_ms: before } = row;
  // The platform has a clock; this answer only lacks its time.
  if (absentAt !== null) return before;
  const at = monotonicClock();
  const previous = absenceLooks.get(orderId);
  if (previous?.absentMs !== before || askedAt <= previous.at) {
    absenceLooks.set(orderId, { at, absentMs: before });
    return before;
  }
  const absentMs = before + Math.min(askedAt - previous.at, MAX_CREDIT_MS);
  if (!(await creditAbsence(store, row, { absentMs, absentAt }))) return before;
  absenceLooks.set(orderId, { at, absentMs });
  return absentMs;
}
