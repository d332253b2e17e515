import { fen } from '@shared/money';
import { pino } from 'pino';
import { createGateways } from '../payments/gateways';
import type { BillEntry } from '../platforms/ports';
import { billEntryOf, createReconciliationFixture, type RecordedOrder, type ReconciliationFixture } from '../test/book-world';
import {
  matchingOrder,
  at,
  DAY,
  differencesOf,
  removeLastBillEntry,
  HOUR,
  NEXT,
  NOON,
  openAlerts,
  openDifferenceKinds,
  READY,
  sumsOf,
} from '../test/compared-day';
import { dialects } from '../test/stores';
import { reconcileDay } from './reconcile-day';

describe.each(dialects)('the comparison of a day, on %s', (dialect) => {
  let world: ReconciliationFixture;
  beforeEach(async () => {
    world = await createReconciliationFixture(dialect, NOON);
  });
  afterEach(() => world.close());

  function compare(day = DAY) {
    const { store, clock, gateway, platforms } = world;
    const log = pino({ level: 'silent' });
    const parts = { store, clock, log, platforms, gateways: createGateways(gateway) };
    return reconcileDay(parts, gateway, day);
  }

  function returned(number: string, { order, capture }: RecordedOrder) {
    const line: BillEntry = { ...billEntryOf({ order, capture }), kind: 'refund' };
    return { ...line, refundNumber: number, amount: fen(500) };
  }

  test('finds nothing where all sides agree, and says the sums', async () => {
    await matchingOrder(world);
    await matchingOrder(world, { paidAt: NOON + HOUR, amount: 2_300 });
    expect(await compare()).toBe('done');
    expect(await sumsOf(world)).toEqual([[DAY, 'shingsou', 4_100, 4_100, 0, 0]]);
    expect(await differencesOf(world)).toEqual([]);
    expect(await openAlerts(world)).toEqual([]);
  });

  test('waits for the bill, for a day; then there is none because nothing was paid', async () => {
    await world.addPaidOrder({ paidAt: at(`${NEXT} 12:00:00`) });
    world.setClock(READY);
    expect(await compare()).toBe('notReady');
    expect(await sumsOf(world)).toEqual([]);
    world.setClock(READY + 24 * HOUR);
    expect(await compare()).toBe('done');
    expect(await sumsOf(world)).toEqual([[DAY, 'shingsou', 0, 0, 0, 0]]);
  });

  test('books a payment our book does not have by asking the channel, and is settled then', async () => {
    const order = await world.addUnpaidOrder({ at: NOON, state: 'closed' });
    const line: BillEntry = {
      ...{ kind: 'payment', orderNumber: order.number, transactionId: '4200099' },
      ...{ refundNumber: null, amount: fen(1_800) },
    };
    world.platformRecords.bills.set(DAY, [line]);
    const payment = { amount: fen(1_800), openid: null, paidAt: NOON + HOUR };
    world.platformRecords.payments.set('4200099', {
      ...payment,
      transactionId: '4200099',
      orderNumber: order.number,
    });
    world.platformRecords.delivered.add(order.number);
    world.setClock(READY);
    await compare();
    expect(await differencesOf(world)).toEqual([
      expect.objectContaining({
        ...{ kind: 'paidThereNotHere', order_number: order.number, reference: '4200099' },
        ...{ here_fen: null, there_fen: 1_800, automatic: 1, settled_at: null },
      }),
    ]);
    expect(await openAlerts(world)).toEqual([]);
    await world.worker.runDue();
    expect(await world.order(order.id)).toMatchObject({
      state: 'delivered',
      transaction_id: '4200099',
    });
    await compare();
    expect(await openDifferenceKinds(world)).toEqual([]);
    expect(await sumsOf(world)).toEqual([[DAY, 'shingsou', 1_800, 1_800, 0, 0]]);
  });

  test('calls a person if asking did not settle it', async () => {
    const order = await world.addUnpaidOrder({ at: NOON, state: 'closed' });
    world.platformRecords.bills.set(DAY, [
      {
        ...{ kind: 'payment', orderNumber: order.number, transactionId: '4200099' },
        ...{ refundNumber: null, amount: fen(1_800) },
      },
    ]);
    world.setClock(READY);
    await compare();
    await world.worker.runDue();
    expect(await openAlerts(world)).toEqual([]);
    world.setClock(READY + HOUR);
    await compare();
    expect(await openDifferenceKinds(world)).toEqual(['paidThereNotHere']);
    expect(await openAlerts(world)).toEqual([`${DAY}|shingsou: paidThereNotHere`]);
  });

  test('lists a payment the channel does not have, and calls a person until it does', async () => {
    const recorded = await matchingOrder(world);
    removeLastBillEntry(world);
    await compare();
    expect(await openDifferenceKinds(world)).toEqual(['paidHereNotThere']);
    expect(await openAlerts(world)).toEqual([`${DAY}|shingsou: paidHereNotThere`]);
    await compare();
    expect(await differencesOf(world)).toHaveLength(1);
    world.platformRecords.bills.set(DAY, [billEntryOf(recorded)]);
    world.setClock(READY + HOUR);
    await compare();
    expect(await differencesOf(world)).toEqual([
      expect.objectContaining({ found_at: READY, settled_at: READY + HOUR }),
    ]);
    expect(await openAlerts(world)).toEqual([]);
  });

  test('takes over what differs otherwise than before', async () => {
    const recorded = await matchingOrder(world);
    world.platformRecords.bills.set(DAY, [{ ...billEntryOf(recorded), amount: fen(1_799) }]);
    await compare();
    world.platformRecords.bills.set(DAY, [{ ...billEntryOf(recorded), amount: fen(1_790) }]);
    await compare();
    expect(await differencesOf(world)).toEqual([
      expect.objectContaining({ kind: 'amountDiffers', here_fen: 1_800, there_fen: 1_790 }),
    ]);
    expect(await sumsOf(world)).toEqual([[DAY, 'shingsou', 1_800, 1_790, 0, 0]]);
  });

  test('asks about a refund that is done there and not here', async () => {
    const recorded = await matchingOrder(world);
    const number = await world.addRefund(recorded, 500, NOON + HOUR);
    await world.store.updateTable('refunds').set({ state: 'failed' }).execute();
    world.platformRecords.bills.get(DAY)?.push(returned(number, recorded));
    await compare();
    expect(await differencesOf(world)).toEqual([
      expect.objectContaining({
        ...{ kind: 'refundDiffers', reference: number, automatic: 1 },
        ...{ here_fen: null, there_fen: 500 },
      }),
    ]);
    world.platformRecords.refunds.set(number, 'done');
    await world.worker.runDue();
    await compare();
    expect(await openDifferenceKinds(world)).toEqual([]);
    expect(await sumsOf(world)).toEqual([[DAY, 'shingsou', 1_800, 1_800, 500, 500]]);
  });

  test('lists a refund that was made past our book', async () => {
    const recorded = await matchingOrder(world);
    world.platformRecords.bills.get(DAY)?.push(returned('console-1', recorded));
    await compare();
    expect(await differencesOf(world)).toEqual([
      expect.objectContaining({ kind: 'refundDiffers', reference: 'console-1', automatic: 0 }),
    ]);
  });

  test('finds a refund done days later in the bill of the day the channel took it on', async () => {
    const recorded = await matchingOrder(world, { paidAt: NOON - 3 * 24 * HOUR });
    const asked = '2026-03-11';
    const number = await world.addRefund(recorded, 500, NOON - 3 * 24 * HOUR);
    await world.store.updateTable('refunds').set({ state: 'done', state_since: NOON }).execute();
    const { bills } = world.platformRecords;
    bills.set(asked, [...(bills.get(DAY) ?? []), returned(number, recorded)]).set(DAY, []);
    world.platformRecords.lists.set(DAY, []);
    await compare();
    expect(await differencesOf(world)).toEqual([]);
    expect(world.platformRecords.requestedBillDays).toEqual([DAY, '2026-03-13', '2026-03-12', asked]);
  });

  test.each([
    ['just before midnight, and billed on the next day', '23:59:59', NEXT],
    ['just before midnight, and billed on that day', '23:59:59', DAY],
    ['just after midnight, and billed on the day before', '00:00:01', '2026-03-13'],
  ])('takes a payment %s for no difference on any day', async (_, time, billDay) => {
    const recorded = await world.addPaidOrder({ paidAt: at(`${DAY} ${time}`) });
    world.platformRecords.delivered.add(recorded.order.number);
    for (const day of ['2026-03-13', DAY, NEXT]) {
      world.platformRecords.bills.set(day, day === billDay ? [billEntryOf(recorded)] : []);
    }
    world.setClock(READY + 24 * HOUR);
    for (const day of ['2026-03-13', DAY, NEXT]) await compare(day);
    expect(await differencesOf(world)).toEqual([]);
    const taken = (await sumsOf(world)).map(([, , here, there]) => [here, there]);
    expect(taken.filter(([here]) => here === 1_800)).toEqual([[1_800, 1_800]]);
  });

  test('finds a payment just before midnight that no bill has, once', async () => {
    const recorded = await world.addPaidOrder({ paidAt: at(`${DAY} 23:59:59`) });
    world.platformRecords.delivered.add(recorded.order.number);
    for (const day of [DAY, NEXT]) world.platformRecords.bills.set(day, []);
    world.setClock(READY + 24 * HOUR);
    for (const day of [DAY, NEXT]) await compare(day);
    expect(await openDifferenceKinds(world)).toEqual(['paidHereNotThere']);
  });

  test('lists what was delivered though its money went back, but not what staff gave away', async () => {
    const taken = await matchingOrder(world);
    const given = await matchingOrder(world, { paidAt: NOON + HOUR });
    for (const { order } of [taken, given]) {
      await world.store
        .updateTable('orders')
        .set({ state: 'refunded' })
        .where('id', '=', order.id)
        .execute();
    }
    const [staff] = await world.store
      .insertInto('staff')
      .values({ id: 'wang', username: 'wang', password_hash: '', role: 'admin', created_at: 0 })
      .returning('id')
      .execute();
    await world.addRefund(given, 1_800, NOON + HOUR);
    await world.store.updateTable('refunds').set({ staff_id: staff!.id }).execute();
    await compare();
    expect(await differencesOf(world)).toEqual([
      expect.objectContaining({ kind: 'deliveredUnpaid', order_number: taken.order.number }),
    ]);
  });

  test('lists what is delivered here and not there, unless the platform says so when asked', async () => {
    const recorded = await matchingOrder(world);
    world.platformRecords.lists.set(DAY, []);
    world.platformRecords.delivered.add(recorded.order.number);
    await compare();
    expect(await openDifferenceKinds(world)).toEqual([]);
    world.platformRecords.delivered.clear();
    await compare();
    expect(await openDifferenceKinds(world)).toEqual(['paidUndelivered']);
  });

  test('passes over what is not ours', async () => {
    await matchingOrder(world);
    const foreign: BillEntry = {
      ...{ kind: 'payment', orderNumber: 'SHOP-20260314-7', transactionId: '4200077' },
      ...{ refundNumber: null, amount: fen(9_900) },
    };
    world.platformRecords.bills.get(DAY)?.push(foreign);
    await compare();
    expect(await sumsOf(world)).toEqual([[DAY, 'shingsou', 1_800, 1_800, 0, 0]]);
    expect(await differencesOf(world)).toEqual([]);
  });
});
