import type { Order } from '@shared/contract';
import fc from 'fast-check';
import type { PaymentTwist } from '../faults/simulated/channel';
import { ApiError } from '../problem';
import type { Dialect } from '../store/store';
import { callOutcomes, type CallOutcome } from '../test/fickle-gateway';
import {
  createPaymentSimulation,
  openPaymentStore,
  type PaymentStore,
  type PaymentSimulation,
} from '../test/money-world';
import { dialects } from '../test/stores';

/**
 * Payments of all kinds, in any order, told of any number of times or of the wrong order: first, second
 * and third ones of one order, of another amount, by somebody else, before and after it was closed; two
 * processes look at once and die at any call. What was taken is booked once, as what it is; what an order
 * does not need goes back.
 */

interface Model {
  orders: Map<string, Order>;
}
type Command = fc.AsyncCommand<Model, PaymentSimulation>;

function command(name: string, run: (model: Model, world: PaymentSimulation) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, world) => {
      await run(model, world);
      await expectLedgerMatchesChannel(world);
    },
    toString: () => name,
  };
}

/** Whatever is booked, the channel took: for that order, that much, and it is booked once. */
async function expectLedgerMatchesChannel(world: PaymentSimulation): Promise<void> {
  const numbers = new Map((await world.orders()).map(({ id, number }) => [id, number]));
  const captures = await world.captures();
  for (const { order_id: id, transaction_id: transactionId, amount_fen: amount } of captures) {
    const orderNumber = numbers.get(id);
    expect(world.channel.queryTransaction(transactionId)).toMatchObject({ orderNumber, amount });
  }
  const transactions = captures.map(({ transaction_id: transactionId }) => transactionId);
  expect(new Set(transactions).size).toBe(transactions.length);
}

const pick = <Item>(items: readonly Item[], index: number): Item | undefined =>
  items[index % Math.max(1, items.length)];

const place = () =>
  command('place', async (model, world) => {
    try {
      const order = await world.placeOrder();
      model.orders.set(order.id, order);
    } catch (error) {
      // The open order stands in the way: paid, as it turns out, or past its time.
      if (!(error instanceof ApiError)) throw error;
    }
  });

const twists: Readonly<Record<string, PaymentTwist>> = {
  plain: {},
  again: { stubborn: true },
  less: { stubborn: true, amount: 1_799 },
  more: { stubborn: true, amount: 1_801 },
  'by somebody else': { stubborn: true, openid: 'somebody else' },
};

const pay = (index: number, twist: string) =>
  command(`pay ${twist}(${index})`, ({ orders }, { channel }) => {
    const order = pick([...orders.values()], index);
    const prepayId = order?.payment?.package.replace('prepay_id=', '');
    if (prepayId !== undefined) channel.pay(prepayId, twists[twist]);
    return Promise.resolve();
  });

const tell = (index: number, times: number) =>
  command(`tell(${index}, ${times} times)`, async (_, world) => {
    const event = pick(world.events, index);
    if (event) await Promise.all(Array.from({ length: times }, () => world.notify(event)));
  });

const tellOfAnother = (index: number, orderIndex: number) =>
  command(`tellOfAnother(${index}, ${orderIndex})`, async ({ orders }, world) => {
    const event = pick(world.events, index);
    const order = pick([...orders.values()], orderIndex);
    if (event && order) await world.notify({ ...event, orderNumber: order.number });
  });

const work = (coming: readonly CallOutcome[]) =>
  command(`work(${coming.join()})`, async (_, world) => {
    world.gateway.nextOutcomes.push(...coming);
    await world.runDueJobs();
    world.gateway.nextOutcomes.length = 0;
  });

const pass = (seconds: number) =>
  command(`pass(${seconds} s)`, (_, world) => {
    world.advance(seconds * 1_000);
    return Promise.resolve();
  });

const deliveriesFail = (fails: boolean) =>
  command(`deliveriesFail(${String(fails)})`, (_, world) => {
    world.behaviour.fails = fails;
    return Promise.resolve();
  });

const works = fc.array(fc.constantFrom(...callOutcomes), { maxLength: 4 }).map(work);
const commands = [
  fc.constant(place()),
  fc.tuple(fc.nat(1), fc.constantFrom(...Object.keys(twists))).map((args) => pay(...args)),
  fc.tuple(fc.nat(1), fc.constantFrom('plain', 'again')).map((args) => pay(...args)),
  fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 3 })).map((args) => tell(...args)),
  fc.tuple(fc.nat(5), fc.nat(1)).map((args) => tellOfAnother(...args)),
  works,
  works,
  fc.constantFrom(1, 11, 60, 1_900).map(pass),
  fc.boolean().map(deliveriesFail),
];

/** The channel's calls are answered again, all it told of arrives, and time passes until all is done. */
async function finishAllOrders(world: PaymentSimulation): Promise<void> {
  await world.runUntilIdle();
  for (const event of world.events) await world.notify(event);
  await world.runUntilIdle();
}

async function expectAllFinished(world: PaymentSimulation): Promise<void> {
  for (const { number, state, amount_fen: price } of await world.orders()) {
    const payments = world.channel.payments().filter(({ orderNumber }) => orderNumber === number);
    const refunds = world.channel.refunds().filter(({ orderNumber }) => orderNumber === number);
    const sum = (amounts: readonly { amount: number }[]) =>
      amounts.reduce((total, { amount }) => total + amount, 0);
    expect(refunds.filter(({ state: refund }) => refund !== 'done')).toEqual([]);
    const kept = sum(payments) - sum(refunds);
    const isPaid = payments.length > 0;
    expect([
      { state: 'delivered', isPaid: true, kept: price, delivered: 1 },
      { state: 'refunded', isPaid: true, kept: 0, delivered: 0 },
      { state: 'closed', isPaid: false, kept: 0, delivered: 0 },
    ]).toContainEqual({ state, isPaid, kept, delivered: world.delivered(number) });
  }
  expect(await world.captures()).toHaveLength(world.channel.payments().length);
  expect(await world.openAlerts()).toEqual([]);
  expect(await world.findIntegrityFaults()).toEqual([]);
}

/** PostgreSQL is slower to tell, and alone has writers at once. */
const RUNS: Readonly<Record<Dialect, number>> = { sqlite: 14, postgres: 8 };

describe.each(dialects)('on %s', (dialect) => {
  let shared: PaymentStore;
  beforeAll(async () => {
    shared = await openPaymentStore(dialect);
  }, 60_000);
  afterAll(() => shared.close());

  test('every payment is booked once, for its order, and kept once or given back once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 25, size: '+1' }), async (run) => {
        const world = await createPaymentSimulation(shared);
        const model: Model = { orders: new Map() };
        await place().run(model, world);
        await fc.asyncModelRun(() => ({ model, real: world }), run);
        await finishAllOrders(world);
        await expectAllFinished(world);
      }),
      { numRuns: RUNS[dialect], endOnFailure: true },
    );
  }, 60_000);
});
