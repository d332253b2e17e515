import type { Transaction } from 'kysely';
import { z } from 'zod';
import { checkOrderSoon, findOrderByNumber } from '../orders/order-queries';
import { RequestRefused } from '../problem';
import { newId } from '../store/ids';
import type { Database } from '../store/schema';
import type { Store } from '../store/sqlite';

/**
 * A notification of 旭宇 (ASSUMED form: nothing public shows it). It carries no signature we could
 * check, so it proves nothing: it only makes us ask about the order it names.
 */
const shingsouNotification = z.object({
  event: z.string().regex(/^[A-Za-z]{1,32}$/),
  outTradeNo: z.string().min(6).max(32),
});

/**
 * Anybody can knock, under names of their own making, and every knock asks the platform something: after
 * these for an order, the clock alone does, and nothing more is kept of them.
 */
const MOST_KNOCKS = 20;

export type NotificationResult = 'taken' | 'repeated' | 'unknownOrder';

/** Takes the platforms' knocks on the door. */
export function createNotificationService({ store, clock }: { store: Store; clock: () => number }) {
  /**
   * Stores a notification once, however often it comes, and has its order looked at.
   * @throws RequestRefused `notification.invalid`
   */
  async function takeShingsou(body: unknown): Promise<NotificationResult> {
    const parsed = shingsouNotification.safeParse(body);
    if (!parsed.success) throw new RequestRefused('notification.invalid');
    const { event, outTradeNo } = parsed.data;
    const order = await findOrderByNumber(store, outTradeNo);
    if (!order) return 'unknownOrder';
    const now = clock();
    return store.transaction().execute(async (tx) => {
      if ((await countKnocks(tx, order.id)) >= MOST_KNOCKS) return 'repeated';
      const { deliveries } = await tx
        .insertInto('notifications')
        .values({
          id: newId(),
          channel: 'shingsou',
          order_id: order.id,
          event,
          received_at: now,
          deliveries: 1,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['order_id', 'channel', 'event'])
            .doUpdateSet((eb) => ({ deliveries: eb('notifications.deliveries', '+', 1) })),
        )
        .returning('deliveries')
        .executeTakeFirstOrThrow();
      await checkOrderSoon(tx, order.id, now);
      return deliveries === 1 ? 'taken' : 'repeated';
    });
  }

  return { takeShingsou };
}

async function countKnocks(tx: Transaction<Database>, orderId: string): Promise<number> {
  const { knocks } = await tx
    .selectFrom('notifications')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('deliveries'), eb.lit(0)).as('knocks'))
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return knocks;
}

export type NotificationService = ReturnType<typeof createNotificationService>;
