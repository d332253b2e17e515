import { fen } from '@shared/money';
import type { OrderState } from '@shared/order-state';
import type { RefundState } from '../platforms/ports';
import { changeOrderState } from '../orders/order-queries';
import type { Settlement, SettlementStep } from '../orders/settlement';
import { ask, describeOutcome } from '../orders/settlement';
import { capturedFen } from '../payments/settle-payment';
import { newId } from '../store/ids';
import type { OrderRow, RefundRow } from '../store/schema';

/** Gives back all that was taken for an order whose delivery failed or whose payment cannot stand. */
export const startRefund: SettlementStep = async (settlement, order) => {
  const { store, clock, log } = settlement;
  const amount = await capturedFen(store, order.id);
  if (amount === 0) {
    log.error(
      { order: order.number },
      'an order to refund has no capture; a person must look at it',
    );
    return order;
  }
  const now = clock();
  const changed = await store.transaction().execute(async (tx) => {
    const refunding = await changeOrderState(tx, order, 'refunding', now);
    if (!refunding) return undefined;
    await tx
      .insertInto('refunds')
      .values({
        id: newId(),
        order_id: order.id,
        number: `${order.number}R1`,
        amount_fen: amount,
        reason: order.state,
        state: 'requested',
        created_at: now,
        updated_at: now,
      })
      .execute();
    return refunding;
  });
  return changed ?? order;
};

/** Sends a refund, always under its one number, until the channel says what became of it. */
export const settleRefund: SettlementStep = async (settlement, order) => {
  const refund = await settlement.store
    .selectFrom('refunds')
    .selectAll()
    .where('order_id', '=', order.id)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return refund.state === 'requested'
    ? sendRefund(settlement, order, refund)
    : askRefund(settlement, order, refund);
};

async function sendRefund(
  settlement: Settlement,
  order: OrderRow,
  refund: RefundRow,
): Promise<OrderRow> {
  const paid = await capturedFen(settlement.store, order.id);
  const result = await ask(
    settlement,
    order.id,
    'refund',
    () =>
      settlement.payments.refund({
        orderNumber: order.number,
        refundNumber: refund.number,
        paid,
        amount: fen(refund.amount_fen),
        reason: '充值未成功，原路退款',
      }),
    describeOutcome,
  );
  if (result.outcome === 'unknown') return order;
  if (result.outcome === 'refused') return finish(settlement, order, refund, 'failed');
  return applyRefund(settlement, order, refund, result.value);
}

async function askRefund(
  settlement: Settlement,
  order: OrderRow,
  refund: RefundRow,
): Promise<OrderRow> {
  const state = await ask(
    settlement,
    order.id,
    'queryRefund',
    () => settlement.payments.queryRefund(refund.number),
    (answer) => answer,
  );
  return applyRefund(settlement, order, refund, state);
}

async function applyRefund(
  settlement: Settlement,
  order: OrderRow,
  refund: RefundRow,
  state: RefundState,
): Promise<OrderRow> {
  switch (state) {
    case 'done':
    case 'processing':
      return finish(settlement, order, refund, state);
    case 'abnormal':
      return finish(settlement, order, refund, 'failed');
    case 'notEnoughBalance':
      settlement.log.error({ order: order.number }, 'a refund waits for balance at the channel');
      return order;
    case 'absent':
      return finish(settlement, order, refund, 'requested');
  }
}

const orderStateFor: Readonly<Record<RefundRow['state'], OrderState>> = {
  requested: 'refunding',
  processing: 'refunding',
  done: 'refunded',
  failed: 'refundFailed',
};

async function finish(
  { store, clock, log }: Settlement,
  order: OrderRow,
  refund: RefundRow,
  state: RefundRow['state'],
): Promise<OrderRow> {
  if (state === 'failed') {
    log.error({ order: order.number }, 'a refund failed; a person must look at it');
  }
  const now = clock();
  const to = orderStateFor[state];
  const changed = await store.transaction().execute(async (tx) => {
    const moved = order.state === to ? order : await changeOrderState(tx, order, to, now);
    if (!moved) return undefined;
    await tx
      .updateTable('refunds')
      .set({ state, updated_at: now })
      .where('id', '=', refund.id)
      .execute();
    return moved;
  });
  return changed ?? order;
}
