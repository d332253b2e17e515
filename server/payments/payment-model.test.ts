import fc from 'fast-check';
import type { PaymentAnomaly } from '../testing/faults/simulated/channel';
import type { Order } from '@shared/contract';
import { ApiError } from '../lib/api-error';
import type { Dialect } from '../store/store';
import {
  createPaymentSimulation,
  openPaymentStore,
  type PaymentSimulation,
} from '../testing/payment-simulation';
import { createSimulationCommands } from '../testing/payment-simulation-commands';
import { dialects } from '../testing/test-stores';

/**
 * Model-based test of payments: repeated payments of one order, with a wrong amount or payer, before and
 * after closing, with notifications that are repeated or name another order. Two processes work
 * concurrently and may crash at any call. The invariant: each payment is recorded once, and what its order
 * does not need is refunded.
 */

interface Model {
  orders: Map<string, Order>;
}
/** Each capture matches a payment of the channel in order and amount, and is recorded once. */
async function expectLedgerMatchesChannel(fixture: PaymentSimulation): Promise<void> {
  const numbers = new Map((await fixture.orders()).map(({ id, number }) => [id, number]));
  const captures = await fixture.captures();
  for (const { order_id: id, transaction_id: transactionId, amount_fen: amount } of captures) {
    const orderNumber = numbers.get(id);
    expect(fixture.channel.queryTransaction(transactionId)).toMatchObject({ orderNumber, amount });
  }
  const transactions = captures.map(({ transaction_id: transactionId }) => transactionId);
  expect(new Set(transactions).size).toBe(transactions.length);
}

const { command, advanceTime, anyRunJobs } = createSimulationCommands<Model>(
  expectLedgerMatchesChannel,
);

const pick = <Item>(items: readonly Item[], index: number): Item | undefined =>
  items[index % Math.max(1, items.length)];

const place = () =>
  command('place', async (model, fixture) => {
    try {
      const order = await fixture.placeOrder();
      model.orders.set(order.id, order);
    } catch (error) {
      // An open order blocks it: it has been paid, or can no longer be paid.
      if (!(error instanceof ApiError)) throw error;
    }
  });

const paymentVariants: Readonly<Record<string, PaymentAnomaly>> = {
  plain: {},
  again: { acceptsDuplicate: true },
  less: { acceptsDuplicate: true, amount: 1_799 },
  more: { acceptsDuplicate: true, amount: 1_801 },
  'by another payer': { acceptsDuplicate: true, openid: 'another payer' },
};

const pay = (index: number, variant: string) =>
  command(`pay ${variant}(${index})`, ({ orders }, { channel }) => {
    const order = pick([...orders.values()], index);
    const prepayId = order?.payment?.package.replace('prepay_id=', '');
    if (prepayId !== undefined) channel.pay(prepayId, paymentVariants[variant]);
    return Promise.resolve();
  });

const deliverNotification = (index: number, times: number) =>
  command(`notify(${index}, ${times} times)`, async (_, fixture) => {
    const event = pick(fixture.events, index);
    if (event) await Promise.all(Array.from({ length: times }, () => fixture.notify(event)));
  });

const deliverNotificationForOtherOrder = (index: number, orderIndex: number) =>
  command(`notifyForOtherOrder(${index}, ${orderIndex})`, async ({ orders }, fixture) => {
    const event = pick(fixture.events, index);
    const order = pick([...orders.values()], orderIndex);
    if (event && order) await fixture.notify({ ...event, orderNumber: order.number });
  });

const deliveriesFail = (fails: boolean) =>
  command(`deliveriesFail(${String(fails)})`, (_, fixture) => {
    fixture.behaviour.fails = fails;
    return Promise.resolve();
  });

const commands = [
  fc.constant(place()),
  fc.tuple(fc.nat(1), fc.constantFrom(...Object.keys(paymentVariants))).map((args) => pay(...args)),
  fc.tuple(fc.nat(1), fc.constantFrom('plain', 'again')).map((args) => pay(...args)),
  fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 3 })).map((args) => deliverNotification(...args)),
  fc.tuple(fc.nat(5), fc.nat(1)).map((args) => deliverNotificationForOtherOrder(...args)),
  anyRunJobs,
  anyRunJobs,
  fc.constantFrom(1, 11, 60, 1_900).map(advanceTime),
  fc.boolean().map(deliveriesFail),
];

/** Ends all faults, delivers all notifications, and runs the jobs until none is due. */
async function finishAllOrders(fixture: PaymentSimulation): Promise<void> {
  await fixture.runUntilIdle();
  for (const event of fixture.events) await fixture.notify(event);
  await fixture.runUntilIdle();
}

async function expectAllFinished(fixture: PaymentSimulation): Promise<void> {
  for (const { number, state, amount_fen: price } of await fixture.orders()) {
    const payments = fixture.channel.payments().filter(({ orderNumber }) => orderNumber === number);
    const refunds = fixture.channel.refunds().filter(({ orderNumber }) => orderNumber === number);
    const sum = (amounts: readonly { amount: number }[]) =>
      amounts.reduce((total, { amount }) => total + amount, 0);
    expect(refunds.filter(({ state: refund }) => refund !== 'done')).toEqual([]);
    const kept = sum(payments) - sum(refunds);
    const isPaid = payments.length > 0;
    expect([
      { state: 'delivered', isPaid: true, kept: price, delivered: 1 },
      { state: 'refunded', isPaid: true, kept: 0, delivered: 0 },
      { state: 'closed', isPaid: false, kept: 0, delivered: 0 },
    ]).toContainEqual({ state, isPaid, kept, delivered: fixture.delivered(number) });
  }
  expect(await fixture.captures()).toHaveLength(fixture.channel.payments().length);
  expect(await fixture.openAlerts()).toEqual([]);
  expect(await fixture.findIntegrityFaults()).toEqual([]);
}

/** PostgreSQL is slower, and only there are writes concurrent. */
const RUNS: Readonly<Record<Dialect, number>> = { sqlite: 14, postgres: 8 };

describe.each(dialects)('on %s', (dialect) => {
  const sharedStore = openPaymentStore(dialect);

  test('every payment is recorded once, for its order, and kept once or refunded once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 25, size: '+1' }), async (run) => {
        const fixture = await createPaymentSimulation(sharedStore);
        const model: Model = { orders: new Map() };
        await place().run(model, fixture);
        await fc.asyncModelRun(() => ({ model, real: fixture }), run);
        await finishAllOrders(fixture);
        await expectAllFinished(fixture);
      }),
      { numRuns: RUNS[dialect], endOnFailure: true },
    );
  }, 60_000);
});
