import { randomUUID } from 'node:crypto';
import { contract, type Order, type PaymentParameters } from '@shared/contract';
import type { RouteDeclaration } from '@shared/contract/route';
import fc from 'fast-check';
import { RequestRefused } from '../problem';
import {
  createOrderWorld,
  startPlatforms,
  type OrderWorld,
  type Platforms,
} from '../test/order-world';
import { wirePaths } from '../test/wire';

/**
 * Everything that can befall orders, in any order: people, platforms, time and restarts. What must hold
 * is about money alone. Whatever the channel took is delivered once, or given back once, or its order is
 * open and will be looked at.
 */

let platforms: Platforms;
beforeAll(async () => {
  platforms = await startPlatforms();
});
afterAll(() => platforms.close());

interface Known {
  order: Order;
  /** The last payment sheet the customer has been given. */
  sheet: PaymentParameters | undefined;
  paid: boolean;
}

/** What the model knows: the orders, and what the customer did with them. */
type Model = Map<string, Known>;

interface Real {
  world: OrderWorld;
}

type Command = fc.AsyncCommand<Model, Real>;

/** Does something a platform or the state of things may refuse, as the contract says. */
async function orRefused<Result>(
  key: 'POST /orders' | 'POST /orders/:orderId/payment' | 'POST /orders/:orderId/cancel',
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    const { errors }: RouteDeclaration = contract[key];
    expect(errors).toContain(error.code);
    return undefined;
  }
}

function nth(model: Model, index: number): Known | undefined {
  return [...model.values()][index % Math.max(1, model.size)];
}

function command(name: string, run: (model: Model, world: OrderWorld) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, { world }) => {
      await run(model, world);
      expect(await world.forgotten()).toEqual([]);
    },
    toString: () => name,
  };
}

const keys = Array.from({ length: 3 }, () => randomUUID());

function place(offer: number, effective: 'now' | 'nextMonth', key: number): Command {
  return command(`place(${offer}, ${effective}, key ${key})`, async (model, world) => {
    const { id: packageId, priceFen } = world.shelf[offer]!;
    const wish = { packageId, effective };
    const order = await orRefused('POST /orders', () => world.place(wish, keys[key]!));
    if (!order) return;
    expect([order.package.id, order.amountFen]).toEqual([packageId, priceFen]);
    const known = model.get(order.id);
    expect(known?.order.number ?? order.number).toBe(order.number);
    model.set(order.id, { order, sheet: order.payment, paid: known?.paid ?? false });
  });
}

/** With a known order, if there is one yet. */
function withOrder(
  name: string,
  index: number,
  run: (known: Known, world: OrderWorld) => Promise<void>,
): Command {
  return command(`${name}(${index})`, async (model, world) => {
    const known = nth(model, index);
    if (known) await run(known, world);
  });
}

const payAtSheet = (index: number) =>
  withOrder('payAtSheet', index, async (known) => {
    if (!known.sheet) return;
    const said = await platforms.controls.cashier(known.sheet, 'pay');
    if (said === 'requestPayment:ok') {
      expect(known.paid).toBe(false);
      known.paid = true;
    }
  });

const askSheet = (index: number) =>
  withOrder('askSheet', index, async (known, world) => {
    const { id } = known.order;
    const sheet = await orRefused('POST /orders/:orderId/payment', () => world.pay(id));
    if (sheet) expect(known.paid).toBe(false);
    known.sheet = sheet ?? known.sheet;
  });

const cancel = (index: number) =>
  withOrder('cancel', index, async (known, world) => {
    const { id } = known.order;
    const order = await orRefused('POST /orders/:orderId/cancel', () => world.cancel(id));
    if (order?.state === 'closed') expect(known.paid).toBe(false);
  });

const read = (index: number) =>
  withOrder('read', index, async (known, world) => {
    const order = await world.read(known.order.id);
    if (order.paidAt !== null) expect(known.paid).toBe(true);
    if (known.paid) expect(order.state).not.toBe('closed');
  });

const knock = (index: number, event: string) =>
  withOrder(`knock ${event}`, index, ({ order }, world) => world.knock(order.number, event));

const wait = (seconds: number) =>
  command(`wait(${seconds} s)`, () => platforms.moveClock(seconds * 1000));

const rest = () => command('rest', (_, world) => world.idle());

const restart = () => command('restart', (_, world) => world.restart());

const fault = (switches: Record<string, boolean>) =>
  command(`fault(${Object.keys(switches).join()})`, () => platforms.controls.faults(switches));

const loseAnswers = (name: keyof typeof wirePaths) =>
  command(`loseAnswers(${name})`, () => {
    platforms.wire.loseAnswersOf(wirePaths[name]);
    return Promise.resolve();
  });

const mend = () =>
  command('mend', () => {
    platforms.wire.mend();
    return Promise.resolve();
  });

const index = fc.nat(2);
const commands = [
  fc.tuple(fc.nat(1), fc.constantFrom('now', 'nextMonth'), fc.nat(2)).map((args) => place(...args)),
  fc.tuple(fc.nat(1), fc.constant('now' as const), fc.nat(2)).map((args) => place(...args)),
  index.map(payAtSheet),
  index.map(payAtSheet),
  index.map(payAtSheet),
  index.map(askSheet),
  index.map(cancel),
  index.map(read),
  fc.tuple(index, fc.constantFrom('paid', 'delivered', 'refunded')).map((args) => knock(...args)),
  fc.constantFrom(1, 4, 15, 100, 301, 700, 1_801).map(wait),
  fc.constant(rest()),
  fc.constant(restart()),
  fc.constantFrom({ deliveryFails: true }, { deliveryStuck: true }).map(fault),
  fc
    .constantFrom(
      { gatewayDown: true },
      { garbage: true },
      { tokenServerDown: true, revokeToken: true },
      { refundNotEnough: true, deliveryFails: true },
      {},
    )
    .map(fault),
  fc
    .constantFrom('register', 'sheet', 'query', 'close', 'refund', 'delivery')
    .map((name) => loseAnswers(name as keyof typeof wirePaths)),
  fc.constant(mend()),
];

const atRest: readonly Order['state'][] = ['delivered', 'closed', 'refunded'];

/** Everything works again, and time passes until no order is open. */
async function settle(world: OrderWorld): Promise<Order[]> {
  platforms.wire.mend();
  await platforms.controls.faults();
  for (let count = 0; count < 25; count += 1) {
    await platforms.moveClock(5 * 60_000);
    await world.idle();
    const orders = await world.list();
    if (orders.every(({ state }) => atRest.includes(state))) return orders;
  }
  return world.list();
}

/** Compares an order at rest with the books of the channel and the platform. */
async function checkBooks(order: Order): Promise<void> {
  const { payments, deliveries } = await platforms.controls.ledger();
  const payment = payments.find(({ orderNumber }) => orderNumber === order.number);
  const delivered = deliveries.filter(({ orderNumber }) => orderNumber === order.number).length;
  const expected = {
    delivered: { taken: order.amountFen, givenBack: 0, delivered: 1 },
    refunded: { taken: order.amountFen, givenBack: order.amountFen, delivered: 0 },
    closed: { taken: 0, givenBack: 0, delivered: 0 },
  };
  expect(Object.keys(expected)).toContain(order.state);
  expect({
    taken: payment?.amountFen ?? 0,
    givenBack: payment?.refundedFen ?? 0,
    delivered,
  }).toEqual(expected[order.state as keyof typeof expected]);
}

test('whatever happens, money that was taken is delivered once or given back once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 30, size: '+1' }), async (run) => {
      platforms.wire.mend();
      await platforms.controls.faults();
      const world = await createOrderWorld(platforms, randomUUID());
      const model: Model = new Map();
      try {
        // Something to begin with, so that what is drawn has something to befall.
        await place(0, 'now', 0).run(model, { world });
        await fc.asyncModelRun(() => ({ model, real: { world } }), run);
        const orders = await settle(world);
        for (const order of orders) await checkBooks(order);
        for (const { order, paid } of model.values()) {
          const { state } = orders.find(({ id }) => id === order.id)!;
          expect(paid ? ['delivered', 'refunded'] : ['closed']).toContain(state);
        }
      } finally {
        await world.close();
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);
