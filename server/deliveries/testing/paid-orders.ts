import { insertOrder, transitionOrder } from '../../orders/transition-order';
import { newId } from '../../store/ids';
import type { OrderRow } from '../../store/schema';
import type { Store } from '../../store/store';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';

/** Stores a card of a platform called `desk`. @param at epoch ms */
export async function addCard(store: Store, at: number): Promise<string> {
  const id = newId();
  await store
    .insertInto('cards')
    .values({
      id,
      platform: 'desk',
      ref: id,
      iccid: null,
      access_number: null,
      carrier: 'unknown',
      report: null,
      fetched_at: null,
      refetch: 0,
      created_at: at,
    })
    .execute();
  return id;
}

/** Stores an order of a new user for the card, paid through WeChat Pay. @param at epoch ms */
export async function addPaidOrder(store: Store, cardId: string, at: number): Promise<OrderRow> {
  const [id, userId] = [newId(), newId()];
  const order: OrderRow = {
    id,
    number: id,
    user_id: userId,
    card_id: cardId,
    platform: 'desk',
    card_ref: cardId,
    iccid: null,
    openid: userId,
    channel: 'wechatpay',
    package_id: 'small',
    package_name: '1GB',
    package_data_mb: 1024,
    effective: 'now',
    effective_from: at,
    settlement_day: LAST_DAY_OF_MONTH,
    effective_until: null,
    amount_fen: 600,
    cost_fen: 300,
    state: 'created',
    state_since: at,
    version: 0,
    open_key: id,
    pay_before: at,
    cancel_requested_at: null,
    paid_at: null,
    delivered_at: null,
    transaction_id: null,
    created_at: at,
  };
  await store
    .insertInto('users')
    .values({ id: userId, app_id: 'simulated', openid: userId, created_at: at })
    .execute();
  return store.transaction().execute(async (tx) => {
    await insertOrder(tx, order);
    const paid = await transitionOrder(tx, order, 'paid', at);
    if (!paid) throw new Error('the order could not be moved to `paid`');
    return paid;
  });
}
