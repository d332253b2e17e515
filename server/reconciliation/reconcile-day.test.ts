import { pino } from 'pino';
import { fen } from '@shared/money';
import { createGateways } from '../platforms/payment-gateways';
import type { BillEntry } from '../platforms/ports';
import {
  billEntryOf,
  openReconciliationFixture,
  type RecordedOrder,
} from '../testing/reconciliation-fixture';
import {
  at,
  DAY,
  differencesOf,
  HOUR,
  matchingOrder,
  NEXT,
  NOON,
  openAlerts,
  openDifferenceKinds,
  READY,
  removeLastBillEntry,
  sumsOf,
} from '../testing/reconciliation-day';
import { dialects } from '../testing/test-stores';
import { reconcileDay } from './reconcile-day';

describe.each(dialects)('the comparison of a day, on %s', (dialect) => {
  const fixture = openReconciliationFixture(dialect, NOON);

  function reconcile(day = DAY) {
    const { store, clock, gateway, platforms } = fixture;
    const log = pino({ level: 'silent' });
    const parts = { store, clock, log, platforms, gateways: createGateways(gateway) };
    return reconcileDay(parts, gateway, day);
  }

  function returned(number: string, { order, capture }: RecordedOrder) {
    const line: BillEntry = { ...billEntryOf({ order, capture }), kind: 'refund' };
    return { ...line, refundNumber: number, amount: fen(500) };
  }

  test('finds no differences when all sides agree, and stores the totals', async () => {
    await matchingOrder(fixture);
    await matchingOrder(fixture, { paidAt: NOON + HOUR, amount: 2_300 });
    expect(await reconcile()).toBe('done');
    expect(await sumsOf(fixture)).toEqual([[DAY, 'shingsou', 4_100, 4_100, 0, 0]]);
    expect(await differencesOf(fixture)).toEqual([]);
    expect(await openAlerts(fixture)).toEqual([]);
  });

  test('waits a day for the bill, and then compares without one: nothing was paid', async () => {
    await fixture.addPaidOrder({ paidAt: at(`${NEXT} 12:00:00`) });
    fixture.setClock(READY);
    expect(await reconcile()).toBe('notReady');
    expect(await sumsOf(fixture)).toEqual([]);
    fixture.setClock(READY + 24 * HOUR);
    expect(await reconcile()).toBe('done');
    expect(await sumsOf(fixture)).toEqual([[DAY, 'shingsou', 0, 0, 0, 0]]);
  });

  test('records a payment that we missed after a query to the channel, and is settled then', async () => {
    const order = await fixture.addUnpaidOrder({ at: NOON, state: 'closed' });
    const line: BillEntry = {
      kind: 'payment',
      orderNumber: order.number,
      transactionId: '4200099',
      refundNumber: null,
      amount: fen(1_800),
    };
    fixture.platformRecords.bills.set(DAY, [line]);
    const payment = { amount: fen(1_800), openid: null, paidAt: NOON + HOUR };
    fixture.platformRecords.payments.set('4200099', {
      ...payment,
      transactionId: '4200099',
      orderNumber: order.number,
    });
    fixture.platformRecords.delivered.add(order.number);
    fixture.setClock(READY);
    await reconcile();
    expect(await differencesOf(fixture)).toEqual([
      expect.objectContaining({
        kind: 'paidThereNotHere',
        order_number: order.number,
        reference: '4200099',
        here_fen: null,
        there_fen: 1_800,
        automatic: 1,
        settled_at: null,
      }),
    ]);
    expect(await openAlerts(fixture)).toEqual([]);
    await fixture.worker.runDue();
    expect(await fixture.order(order.id)).toMatchObject({
      state: 'delivered',
      transaction_id: '4200099',
    });
    await reconcile();
    expect(await openDifferenceKinds(fixture)).toEqual([]);
    expect(await sumsOf(fixture)).toEqual([[DAY, 'shingsou', 1_800, 1_800, 0, 0]]);
  });

  test('calls a person if the query did not settle it', async () => {
    const order = await fixture.addUnpaidOrder({ at: NOON, state: 'closed' });
    fixture.platformRecords.bills.set(DAY, [
      {
        kind: 'payment',
        orderNumber: order.number,
        transactionId: '4200099',
        refundNumber: null,
        amount: fen(1_800),
      },
    ]);
    fixture.setClock(READY);
    await reconcile();
    await fixture.worker.runDue();
    expect(await openAlerts(fixture)).toEqual([]);
    fixture.setClock(READY + HOUR);
    await reconcile();
    expect(await openDifferenceKinds(fixture)).toEqual(['paidThereNotHere']);
    expect(await openAlerts(fixture)).toEqual([`${DAY}|shingsou: paidThereNotHere`]);
  });

  test('finds a payment that the channel does not list, and calls a person until it does', async () => {
    const recorded = await matchingOrder(fixture);
    removeLastBillEntry(fixture);
    await reconcile();
    expect(await openDifferenceKinds(fixture)).toEqual(['paidHereNotThere']);
    expect(await openAlerts(fixture)).toEqual([`${DAY}|shingsou: paidHereNotThere`]);
    await reconcile();
    expect(await differencesOf(fixture)).toHaveLength(1);
    fixture.platformRecords.bills.set(DAY, [billEntryOf(recorded)]);
    fixture.setClock(READY + HOUR);
    await reconcile();
    expect(await differencesOf(fixture)).toEqual([
      expect.objectContaining({ found_at: READY, settled_at: READY + HOUR }),
    ]);
    expect(await openAlerts(fixture)).toEqual([]);
  });

  test('updates a difference whose amounts have changed', async () => {
    const recorded = await matchingOrder(fixture);
    fixture.platformRecords.bills.set(DAY, [{ ...billEntryOf(recorded), amount: fen(1_799) }]);
    await reconcile();
    fixture.platformRecords.bills.set(DAY, [{ ...billEntryOf(recorded), amount: fen(1_790) }]);
    await reconcile();
    expect(await differencesOf(fixture)).toEqual([
      expect.objectContaining({ kind: 'amountDiffers', here_fen: 1_800, there_fen: 1_790 }),
    ]);
    expect(await sumsOf(fixture)).toEqual([[DAY, 'shingsou', 1_800, 1_790, 0, 0]]);
  });

  test('queries a refund that is paid there and not here', async () => {
    const recorded = await matchingOrder(fixture);
    const number = await fixture.addRefund(recorded, 500, NOON + HOUR);
    await fixture.store.updateTable('refunds').set({ state: 'failed' }).execute();
    fixture.platformRecords.bills.get(DAY)?.push(returned(number, recorded));
    await reconcile();
    expect(await differencesOf(fixture)).toEqual([
      expect.objectContaining({
        kind: 'refundDiffers',
        reference: number,
        automatic: 1,
        here_fen: null,
        there_fen: 500,
      }),
    ]);
    fixture.platformRecords.refunds.set(number, 'done');
    await fixture.worker.runDue();
    await reconcile();
    expect(await openDifferenceKinds(fixture)).toEqual([]);
    expect(await sumsOf(fixture)).toEqual([[DAY, 'shingsou', 1_800, 1_800, 500, 500]]);
  });

  test('finds a refund that was not made by us', async () => {
    const recorded = await matchingOrder(fixture);
    fixture.platformRecords.bills.get(DAY)?.push(returned('console-1', recorded));
    await reconcile();
    expect(await differencesOf(fixture)).toEqual([
      expect.objectContaining({
        kind: 'refundedThereNotHere',
        reference: 'console-1',
        automatic: 1,
      }),
    ]);
    const notifications = await fixture.store.selectFrom('notifications').selectAll().execute();
    expect(notifications).toMatchObject([{ kind: 'refund', refund_number: 'console-1' }]);
  });

  test('finds a refund that was paid days later in the bill of the day on which the channel accepted it', async () => {
    const recorded = await matchingOrder(fixture, { paidAt: NOON - 3 * 24 * HOUR });
    const acceptedOn = '2026-03-11';
    const number = await fixture.addRefund(recorded, 500, NOON - 3 * 24 * HOUR);
    await fixture.store.updateTable('refunds').set({ state: 'done', state_since: NOON }).execute();
    const { bills } = fixture.platformRecords;
    bills.set(acceptedOn, [...(bills.get(DAY) ?? []), returned(number, recorded)]).set(DAY, []);
    fixture.platformRecords.lists.set(DAY, []);
    await reconcile();
    expect(await differencesOf(fixture)).toEqual([]);
    expect(fixture.platformRecords.requestedBillDays).toEqual([
      DAY,
      '2026-03-13',
      '2026-03-12',
      acceptedOn,
    ]);
  });

  test.each([
    ['just before midnight, and billed on the next day', '23:59:59', NEXT],
    ['just before midnight, and billed on that day', '23:59:59', DAY],
    ['just after midnight, and billed on the day before', '00:00:01', '2026-03-13'],
  ])('finds no difference on any day for a payment %s', async (_, time, billDay) => {
    const recorded = await fixture.addPaidOrder({ paidAt: at(`${DAY} ${time}`) });
    fixture.platformRecords.delivered.add(recorded.order.number);
    for (const day of ['2026-03-13', DAY, NEXT]) {
      fixture.platformRecords.bills.set(day, day === billDay ? [billEntryOf(recorded)] : []);
    }
    fixture.setClock(READY + 24 * HOUR);
    for (const day of ['2026-03-13', DAY, NEXT]) await reconcile(day);
    expect(await differencesOf(fixture)).toEqual([]);
    const taken = (await sumsOf(fixture)).map(([, , here, there]) => [here, there]);
    expect(taken.filter(([here]) => here === 1_800)).toEqual([[1_800, 1_800]]);
  });

  test('finds a payment just before midnight that no bill lists, once', async () => {
    const recorded = await fixture.addPaidOrder({ paidAt: at(`${DAY} 23:59:59`) });
    fixture.platformRecords.delivered.add(recorded.order.number);
    for (const day of [DAY, NEXT]) fixture.platformRecords.bills.set(day, []);
    fixture.setClock(READY + 24 * HOUR);
    for (const day of [DAY, NEXT]) await reconcile(day);
    expect(await openDifferenceKinds(fixture)).toEqual(['paidHereNotThere']);
  });

  test('finds what was delivered and refunded, unless staff refunded it', async () => {
    const taken = await matchingOrder(fixture);
    const given = await matchingOrder(fixture, { paidAt: NOON + HOUR });
    for (const { order } of [taken, given]) {
      await fixture.store
        .updateTable('orders')
        .set({ state: 'refunded' })
        .where('id', '=', order.id)
        .execute();
    }
    const [staff] = await fixture.store
      .insertInto('staff')
      .values({ id: 'wang', username: 'wang', password_hash: '', role: 'admin', created_at: 0 })
      .returning('id')
      .execute();
    await fixture.addRefund(given, 1_800, NOON + HOUR);
    await fixture.store.updateTable('refunds').set({ staff_id: staff!.id }).execute();
    await reconcile();
    expect(await differencesOf(fixture)).toEqual([
      expect.objectContaining({ kind: 'deliveredUnpaid', order_number: taken.order.number }),
    ]);
  });

  test('finds what is delivered here and not listed there, unless the platform confirms it when queried', async () => {
    const recorded = await matchingOrder(fixture);
    fixture.platformRecords.lists.set(DAY, []);
    fixture.platformRecords.delivered.add(recorded.order.number);
    await reconcile();
    expect(await openDifferenceKinds(fixture)).toEqual([]);
    fixture.platformRecords.delivered.clear();
    await reconcile();
    expect(await openDifferenceKinds(fixture)).toEqual(['paidUndelivered']);
  });

  test('ignores orders of others', async () => {
    await matchingOrder(fixture);
    const foreign: BillEntry = {
      kind: 'payment',
      orderNumber: 'SHOP-20260314-7',
      transactionId: '4200077',
      refundNumber: null,
      amount: fen(9_900),
    };
    fixture.platformRecords.bills.get(DAY)?.push(foreign);
    await reconcile();
    expect(await sumsOf(fixture)).toEqual([[DAY, 'shingsou', 1_800, 1_800, 0, 0]]);
    expect(await differencesOf(fixture)).toEqual([]);
  });
});
