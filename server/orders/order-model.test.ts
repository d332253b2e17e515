import { randomUUID } from 'node:crypto';
import { contract, type Order, type PaymentParameters } from '@shared/contract';
import type { RouteDeclaration } from '@shared/contract/route';
import fc from 'fast-check';
import { ApiError } from '../problem';
import { createOrderFixture, type OrderFixture } from '../test/order-world';
import { payPaths } from '../test/wechatpay-shop';
import { wirePaths } from '../test/wire';
import { startSandboxPlatforms, type SandboxPlatforms, type TestChannel } from '../test/world-platforms';

/**
 * Everything that can befall orders, in any order: people, platforms, time and restarts. What must hold
 * is about money alone. Whatever the channel took is delivered once, or given back once, or its order is
 * open and will be looked at.
 */

let platforms: SandboxPlatforms;
beforeAll(async () => {
  platforms = await startSandboxPlatforms();
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
  world: OrderFixture;
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
    if (!(error instanceof ApiError)) throw error;
    const { errors }: RouteDeclaration = contract[key];
    expect(errors).toContain(error.code);
    return undefined;
  }
}

function nth(model: Model, index: number): Known | undefined {
  return [...model.values()][index % Math.max(1, model.size)];
}

function command(name: string, run: (model: Model, world: OrderFixture) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, { world }) => {
      await run(model, world);
      expect(await world.findStrandedOrders()).toEqual([]);
    },
    toString: () => name,
  };
}

const keys = Array.from({ length: 3 }, () => randomUUID());

function place(offer: number, effective: 'now' | 'nextMonth', key: number): Command {
  return command(`place(${offer}, ${effective}, key ${key})`, async (model, world) => {
    const { id: packageId, priceFen } = world.catalogue[offer]!;
    const wish = { packageId, effective };
    const order = await orRefused('POST /orders', () => world.placeOrder(wish, keys[key]!));
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
  run: (known: Known, world: OrderFixture) => Promise<void>,
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
    const sheet = await orRefused('POST /orders/:orderId/payment', () => world.requestPayment(id));
    if (sheet) expect(known.paid).toBe(false);
    known.sheet = sheet ?? known.sheet;
  });

const cancel = (index: number) =>
  withOrder('cancel', index, async (known, world) => {
    const { id } = known.order;
    const order = await orRefused('POST /orders/:orderId/cancel', () => world.cancelOrder(id));
    if (order?.state === 'closed') expect(known.paid).toBe(false);
  });

const read = (index: number) =>
  withOrder('read', index, async (known, world) => {
    const order = await world.readOrder(known.order.id);
    if (order.paidAt !== null) expect(known.paid).toBe(true);
    if (known.paid) expect(order.state).not.toBe('closed');
  });

const unsignedNotification = (index: number, event: string) =>
  withOrder(`knock ${event}`, index, ({ order }, world) => world.sendNotification(order.number, event));

const wait = (seconds: number) =>
  command(`wait(${seconds} s)`, () => platforms.moveClock(seconds * 1000));

const rest = () => command('rest', (_, world) => world.waitUntilIdle());

const restart = () => command('restart', (_, world) => world.restart());

const fault = (switches: Record<string, boolean>) =>
  command(`fault(${Object.keys(switches).join()})`, () => platforms.controls.faults(switches));

const loseAnswers = (path: string) =>
  command(`loseAnswers(${path})`, () => {
    platforms.wire.loseAnswersOf(path);
    return Promise.resolve();
  });

/** WeChat Pay's questions about an order have its number in their address. */
const loseAnswersAbout = (index: number) =>
  withOrder('loseAnswersAbout', index, ({ order }) => {
    platforms.wire.loseAnswersOf(payPaths.queryOf(order.number));
    platforms.wire.loseAnswersOf(payPaths.closeOf(order.number));
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
  fc.tuple(index, fc.constantFrom('paid', 'delivered', 'refunded')).map((args) => unsignedNotification(...args)),
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
      { refundRefused: true, deliveryFails: true },
      { wrongAmount: true },
      { loseNotifications: true },
      { doubleNotifications: true, reorderNotifications: true },
      {},
    )
    .map(fault),
  fc.constant(mend()),
];

/** What can happen besides, through each of the channels. */
const commandsOf: Readonly<Record<TestChannel, fc.Arbitrary<Command>[]>> = {
  shingsou: [fc.constantFrom(...Object.values(wirePaths)).map(loseAnswers)],
  wechatpay: [
    fc
      .constantFrom(payPaths.order, payPaths.refund, wirePaths.register, wirePaths.delivery)
      .map(loseAnswers),
    index.map(loseAnswersAbout),
    fc
      .constantFrom(
        { doublePayment: true },
        { doublePayment: true, deliveryFails: true },
        { agentBalanceShort: true },
        { wechatpayDown: true },
        { wechatpayGarbage: true },
        { wechatpayCertificate: true, doublePayment: true },
        { signatureProbes: true, forgedNotifications: true },
        { staleNotifications: true },
      )
      .map(fault),
  ],
};

const atRest: readonly Order['state'][] = ['delivered', 'closed', 'refunded'];

/** Everything works again, and time passes until no order is open, or only a person can say more. */
async function finishAllOrders(world: OrderFixture): Promise<Order[]> {
  platforms.wire.mend();
  await platforms.controls.faults();
  for (let count = 0; count < 25; count += 1) {
    await platforms.moveClock(5 * 60_000);
    await world.waitUntilIdle();
    if (await isFinished(world)) break;
  }
  return world.listOrders();
}

async function isFinished(world: OrderFixture): Promise<boolean> {
  if ((await world.nextDue()) === undefined) return true;
  const open = (await world.listOrders()).filter(({ state }) => !atRest.includes(state));
  return open.length > 0 && open.every(({ state }) => state === 'reviewing');
}

/** Compares an order that is settled with the books of the channel and the platform. */
async function checkLedgers(order: Order, channel: TestChannel): Promise<void> {
  const ledger = await platforms.controls.ledger();
  const payments = ledger.payments.filter(
    (payment) => payment.orderNumber === order.number && payment.channel === channel,
  );
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const taken = sum(payments.map(({ amountFen }) => amountFen));
  const kept = taken - sum(payments.map(({ refundedFen }) => refundedFen));
  const { length: delivered } = ledger.deliveries.filter(
    ({ orderNumber }) => orderNumber === order.number,
  );
  const found = { state: order.state, isPaid: taken > 0, kept, delivered };
  const { state, amountFen } = order;
  expect([
    { state: 'delivered', isPaid: true, kept: amountFen, delivered: 1 },
    { state: 'refunded', isPaid: true, kept: 0, delivered: 0 },
    { state: 'closed', isPaid: false, kept: 0, delivered: 0 },
    // 旭宇 delivered for a fen less: whether that is right only a person can say.
    { state: 'reviewing', isPaid: true, kept: amountFen - 1, delivered: 1 },
  ]).toContainEqual(found);
  if (state === 'reviewing') expect(channel).toBe('shingsou');
}

async function live(channel: TestChannel, run: Iterable<Command>): Promise<void> {
  platforms.wire.mend();
  await platforms.controls.faults();
  const world = await createOrderFixture(platforms, randomUUID(), channel);
  const model: Model = new Map();
  try {
    // Something to begin with, so that what is drawn has something to befall.
    await place(0, 'now', 0).run(model, { world });
    await fc.asyncModelRun(() => ({ model, real: { world } }), run);
    const orders = await finishAllOrders(world);
    for (const order of orders) await checkLedgers(order, channel);
    for (const { order, paid } of model.values()) {
      const { state } = orders.find(({ id }) => id === order.id)!;
      expect(paid ? ['delivered', 'refunded', 'reviewing'] : ['closed']).toContain(state);
    }
    if (orders.some(({ state }) => state === 'reviewing')) {
      expect(await world.alerts()).toContain('paymentDiffers');
    } else {
      expect(await world.alerts()).toEqual([]);
    }
    expect(await world.findIntegrityFaults()).toEqual([]);
  } finally {
    await world.close();
  }
}

test.each<TestChannel>(['shingsou', 'wechatpay'])(
  'whatever happens to orders paid through %s, money that was taken is delivered once or given back once',
  async (channel) => {
    const all = [...commands, ...commandsOf[channel]];
    await fc.assert(
      fc.asyncProperty(fc.commands(all, { maxCommands: 30, size: '+1' }), (run) =>
        live(channel, run),
      ),
      { numRuns: 7, endOnFailure: true },
    );
  },
  120_000,
);
