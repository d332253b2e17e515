import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { contract, type Order, type PaymentParameters } from '@shared/contract';
import type { RouteDeclaration } from '@shared/contract/route';
import { ApiError } from '../lib/api-error';
import { createOrderFixture, type OrderFixture } from '../testing/order-fixture';
import { payPaths } from '../testing/platform-proxy';
import { shingsouPaths } from '../testing/platform-proxy';
import {
  type SandboxPlatforms,
  startSandboxPlatforms,
  type TestChannel,
} from '../testing/sandbox-platforms';

/**
 * Model-based test: random sequences of customer actions, platform faults, clock advances and restarts. The
 * invariant is about money alone: each payment is delivered once, refunded once, or its order is still open
 * and will be checked.
 */

let platforms: SandboxPlatforms;
beforeAll(async () => {
  platforms = await startSandboxPlatforms();
});
afterAll(() => platforms.close());

interface TrackedOrder {
  order: Order;
  /** The latest payment parameters that the customer got. */
  paymentRequest: PaymentParameters | undefined;
  paid: boolean;
}

/** The model: the orders, and what the customer did with them. */
type Model = Map<string, TrackedOrder>;

interface Real {
  fixture: OrderFixture;
}

type Command = fc.AsyncCommand<Model, Real>;

/** Allows a request to be refused with an error code that the contract declares for it. */
async function allowDeclaredErrors<Result>(
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

function nth(model: Model, index: number): TrackedOrder | undefined {
  return [...model.values()][index % Math.max(1, model.size)];
}

function command(
  name: string,
  run: (model: Model, fixture: OrderFixture) => Promise<void>,
): Command {
  return {
    check: () => true,
    run: async (model, { fixture }) => {
      await run(model, fixture);
      expect(await fixture.findStrandedOrders()).toEqual([]);
    },
    toString: () => name,
  };
}

const keys = Array.from({ length: 3 }, () => randomUUID());

function place(offer: number, effective: 'now' | 'nextMonth', key: number): Command {
  return command(`place(${offer}, ${effective}, key ${key})`, async (model, fixture) => {
    const { id: packageId, priceFen } = fixture.catalogue[offer]!;
    const request = { packageId, effective };
    const order = await allowDeclaredErrors('POST /orders', () =>
      fixture.placeOrder(request, keys[key]!),
    );
    if (!order) return;
    expect([order.package.id, order.amountFen]).toEqual([packageId, priceFen]);
    const tracked = model.get(order.id);
    expect(tracked?.order.number ?? order.number).toBe(order.number);
    model.set(order.id, { order, paymentRequest: order.payment, paid: tracked?.paid ?? false });
  });
}

/** A command on an order, if there is one yet. */
function withOrder(
  name: string,
  index: number,
  run: (tracked: TrackedOrder, fixture: OrderFixture) => Promise<void>,
): Command {
  return command(`${name}(${index})`, async (model, fixture) => {
    const tracked = nth(model, index);
    if (tracked) await run(tracked, fixture);
  });
}

const payAtCashier = (index: number) =>
  withOrder('payAtCashier', index, async (tracked) => {
    if (!tracked.paymentRequest) return;
    const cashierResult = await platforms.controls.cashier(tracked.paymentRequest, 'pay');
    if (cashierResult === 'requestPayment:ok') {
      expect(tracked.paid).toBe(false);
      tracked.paid = true;
    }
  });

const requestPayment = (index: number) =>
  withOrder('requestPayment', index, async (tracked, fixture) => {
    const { id } = tracked.order;
    const paymentRequest = await allowDeclaredErrors('POST /orders/:orderId/payment', () =>
      fixture.requestPayment(id),
    );
    if (paymentRequest) expect(tracked.paid).toBe(false);
    tracked.paymentRequest = paymentRequest ?? tracked.paymentRequest;
  });

const cancel = (index: number) =>
  withOrder('cancel', index, async (tracked, fixture) => {
    const { id } = tracked.order;
    const order = await allowDeclaredErrors('POST /orders/:orderId/cancel', () =>
      fixture.cancelOrder(id),
    );
    if (order?.state === 'closed') expect(tracked.paid).toBe(false);
  });

const read = (index: number) =>
  withOrder('read', index, async (tracked, fixture) => {
    const order = await fixture.readOrder(tracked.order.id);
    if (order.paidAt !== null) expect(tracked.paid).toBe(true);
    if (tracked.paid) expect(order.state).not.toBe('closed');
  });

const unsignedNotification = (index: number, event: string) =>
  withOrder(`notify ${event}`, index, ({ order }, fixture) =>
    fixture.sendNotification(order.number, event),
  );

const wait = (seconds: number) =>
  command(`wait(${seconds} s)`, () => platforms.advanceClock(seconds * 1000));

const waitUntilIdle = () => command('waitUntilIdle', (_, fixture) => fixture.waitUntilIdle());

const restart = () => command('restart', (_, fixture) => fixture.restart());

const fault = (switches: Record<string, boolean>) =>
  command(`fault(${Object.keys(switches).join()})`, () => platforms.controls.faults(switches));

const dropResponses = (path: string) =>
  command(`dropResponses(${path})`, () => {
    platforms.platformProxy.dropResponsesOf(path);
    return Promise.resolve();
  });

/** The URL of WeChat Pay's queries about an order contains its number. */
const dropResponsesAbout = (index: number) =>
  withOrder('dropResponsesAbout', index, ({ order }) => {
    platforms.platformProxy.dropResponsesOf(payPaths.queryOf(order.number));
    platforms.platformProxy.dropResponsesOf(payPaths.closeOf(order.number));
    return Promise.resolve();
  });

const restoreNetwork = () =>
  command('restoreNetwork', () => {
    platforms.platformProxy.restore();
    return Promise.resolve();
  });

const index = fc.nat(2);
const commands = [
  fc.tuple(fc.nat(1), fc.constantFrom('now', 'nextMonth'), fc.nat(2)).map((args) => place(...args)),
  fc.tuple(fc.nat(1), fc.constant('now' as const), fc.nat(2)).map((args) => place(...args)),
  index.map(payAtCashier),
  index.map(payAtCashier),
  index.map(payAtCashier),
  index.map(requestPayment),
  index.map(cancel),
  index.map(read),
  fc
    .tuple(index, fc.constantFrom('paid', 'delivered', 'refunded'))
    .map((args) => unsignedNotification(...args)),
  fc.constantFrom(1, 4, 15, 100, 301, 700, 1_801).map(wait),
  fc.constant(waitUntilIdle()),
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
  fc.constant(restoreNetwork()),
];

/** Further commands for each channel. */
const channelCommands: Readonly<Record<TestChannel, fc.Arbitrary<Command>[]>> = {
  shingsou: [fc.constantFrom(...Object.values(shingsouPaths)).map(dropResponses)],
  wechatpay: [
    fc
      .constantFrom(payPaths.order, payPaths.refund, shingsouPaths.register, shingsouPaths.delivery)
      .map(dropResponses),
    index.map(dropResponsesAbout),
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

const finalStates: readonly Order['state'][] = ['delivered', 'closed', 'refunded'];

/** Ends all faults and advances the clock until no order is open, or only a person can settle those that are. */
async function finishAllOrders(fixture: OrderFixture): Promise<Order[]> {
  platforms.platformProxy.restore();
  await platforms.controls.faults();
  for (let count = 0; count < 25; count += 1) {
    await platforms.advanceClock(5 * 60_000);
    await fixture.waitUntilIdle();
    if (await isFinished(fixture)) break;
  }
  return fixture.listOrders();
}

async function isFinished(fixture: OrderFixture): Promise<boolean> {
  if ((await fixture.nextDue()) === undefined) return true;
  const open = (await fixture.listOrders()).filter(({ state }) => !finalStates.includes(state));
  return open.length > 0 && open.every(({ state }) => state === 'reviewing');
}

/** Compares a settled order with the records of the channel and the platform. */
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
  const actual = { state: order.state, isPaid: taken > 0, kept, delivered };
  const { state, amountFen } = order;
  expect([
    { state: 'delivered', isPaid: true, kept: amountFen, delivered: 1 },
    { state: 'refunded', isPaid: true, kept: 0, delivered: 0 },
    { state: 'closed', isPaid: false, kept: 0, delivered: 0 },
    // 旭宇 delivered although a fen was missing: only a person can settle that.
    { state: 'reviewing', isPaid: true, kept: amountFen - 1, delivered: 1 },
  ]).toContainEqual(actual);
  if (state === 'reviewing') expect(channel).toBe('shingsou');
}

async function runScenario(channel: TestChannel, run: Iterable<Command>): Promise<void> {
  platforms.platformProxy.restore();
  await platforms.controls.faults();
  const fixture = await createOrderFixture(platforms, randomUUID(), channel);
  const model: Model = new Map();
  try {
    // One order to start with, so that most commands have an order to work on.
    await place(0, 'now', 0).run(model, { fixture });
    await fc.asyncModelRun(() => ({ model, real: { fixture } }), run);
    const orders = await finishAllOrders(fixture);
    for (const order of orders) await checkLedgers(order, channel);
    for (const { order, paid } of model.values()) {
      const { state } = orders.find(({ id }) => id === order.id)!;
      expect(paid ? ['delivered', 'refunded', 'reviewing'] : ['closed']).toContain(state);
    }
    if (orders.some(({ state }) => state === 'reviewing')) {
      expect(await fixture.alerts()).toContain('paymentDiffers');
    } else {
      expect(await fixture.alerts()).toEqual([]);
    }
    expect(await fixture.findIntegrityFaults()).toEqual([]);
  } finally {
    await fixture.close();
  }
}

test.each<TestChannel>(['shingsou', 'wechatpay'])(
  'whatever happens to orders paid through %s, each payment is delivered once or refunded once',
  async (channel) => {
    const all = [...commands, ...channelCommands[channel]];
    await fc.assert(
      fc.asyncProperty(fc.commands(all, { maxCommands: 30, size: '+1' }), (run) =>
        runScenario(channel, run),
      ),
      { numRuns: 7, endOnFailure: true },
    );
  },
  120_000,
);
