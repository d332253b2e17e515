import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { createAbsenceLooks } from '../orders/absence-looks';
import type { OrderContext } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { transitionOrder } from '../orders/transition-order';
import { createCardPlatforms } from '../platforms/card-platforms';
import { createGateways } from '../platforms/payment-gateways';
import { PlatformUnavailable } from '../platforms/ports';
import { type OpenStore, openStore } from '../store/open-store';
import type { DeliveryRow, OrderRow } from '../store/schema';
import type { Dialect, Store } from '../store/store';
import { createChannel } from '../testing/faults/simulated/channel';
import { createFlakyGateway } from '../testing/flaky-gateway';
import { createTestStore, dialects, type TestStore } from '../testing/test-stores';
import { startDelivery } from './order-package';
import { syncDelivery } from './sync-delivery';
import { addCard, addPaidOrder } from './testing/paid-orders';
import {
  createSimulatedRechargePlatform,
  ProcessCrashed,
  queryOutcomes,
  rechargeOutcomes,
  type RechargeScript,
} from './testing/simulated-recharge-platform';

/**
 * Model-based test of two paid orders for the same package and card, on a platform that knows no order
 * numbers of ours. Two processes deliver them concurrently, in any order, and crash at any call; requests
 * and responses get lost, and time passes. The invariant: each package is ordered at most once.
 */

const START = Date.UTC(2026, 2, 15, 4);
const MINUTE = 60_000;
const log = pino({ level: 'silent' });

/** Which orders each process checks, one after the other, and how far the clock advances meanwhile, in ms. */
interface Round {
  orderIndexesByProcess: [first: number[], second: number[]];
  passAfterTurns: number;
  passMs: number;
}

interface Scenario {
  rounds: Round[];
  script: RechargeScript;
  /** How many turns of the event loop calls take, in turn. */
  turns: number[];
}

const orderIndexes = fc.array(fc.nat(1), { maxLength: 4 });
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  rounds: fc.array(
    fc.record({
      orderIndexesByProcess: fc.tuple(orderIndexes, orderIndexes),
      passAfterTurns: fc.nat(40),
      passMs: fc.constantFrom(0, 0, 4_000, MINUTE, 11 * MINUTE, 40 * MINUTE),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  script: fc.record({
    recharges: fc.array(fc.constantFrom(...rechargeOutcomes), { maxLength: 4 }),
    queries: fc.array(fc.constantFrom(...queryOutcomes), { maxLength: 10 }),
    deliveryDelaysMs: fc.array(fc.constantFrom(0, 3_000, 12 * MINUTE), { maxLength: 3 }),
    suspensionsMs: fc.array(fc.constantFrom(0, 0, 3_000, 11 * MINUTE, 40 * MINUTE), {
      maxLength: 3,
    }),
  }),
  turns: fc.array(fc.nat(24), { minLength: 1, maxLength: 40 }),
});

/** A process is suspended for eleven minutes between its right to order and its call. */
const suspendedBeforeTheCall: Scenario = {
  rounds: [
    { orderIndexesByProcess: [[0], [0]], passAfterTurns: 1, passMs: 11 * MINUTE },
    { orderIndexesByProcess: [[], []], passAfterTurns: 0, passMs: 0 },
  ],
  script: { recharges: [], queries: [], deliveryDelaysMs: [], suspensionsMs: [] },
  turns: [0, 0, 2],
};

/** Two orders, their platform, and two processes on the store. */
async function createDeliveryFixture(stores: readonly [Store, Store], { script, turns }: Scenario) {
  let now = START;
  const [store] = stores;
  const cardId = await addCard(store, START);
  const orders = [
    await addPaidOrder(store, cardId, START),
    await addPaidOrder(store, cardId, START),
  ] as const;
  const orderRequests: { orderNumber: string; inState: string | undefined }[] = [];
  let turnsTaken = 0;

  async function passTurns(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) await nextTurn();
  }
  async function suspend(ms: number): Promise<void> {
    if (ms === 0) return;
    now += ms;
    await passTurns(60);
  }
  const turn = () => passTurns(turns[(turnsTaken += 1) % turns.length] ?? 0);

  const rechargePlatform = createSimulatedRechargePlatform({
    script: structuredClone(script),
    now: () => now,
    turn,
    suspend,
    onRecharge: async (orderNumber) => {
      orderRequests.push({ orderNumber, inState: (await findOrder(store, orderNumber))?.state });
    },
  });
  const channel = createChannel({
    now: () => now,
    later: () => undefined,
    onEvent: () => undefined,
    onOpened: () => undefined,
    traits: { name: 'wechatpay', closableAfterMs: 0, refundMs: 0 },
  });
  const contexts = stores.map((processStore): OrderContext => ({
    store: processStore,
    clock: () => now,
    monotonicClock: () => now,
    absenceLooks: createAbsenceLooks(() => now),
    log,
    gateways: createGateways(createFlakyGateway(channel, () => undefined).port),
    platforms: createCardPlatforms([rechargePlatform.platform]),
    onDelivered: () => Promise.resolve(),
  }));

  async function syncOrder(context: OrderContext, order: OrderRow): Promise<void> {
    try {
      if (order.state === 'paid') await startDelivery(context, order);
      if (order.state === 'delivering' || order.state === 'deliveryUnknown') {
        await syncDelivery(context, order);
      }
    } catch (error) {
      if (!(error instanceof PlatformUnavailable || error instanceof ProcessCrashed)) throw error;
    }
  }

  async function syncOrders(process: number, orderIndexes: readonly number[]): Promise<void> {
    const context = contexts[process];
    for (const index of orderIndexes) {
      await turn();
      const order = await findOrder(store, orders[index]?.id ?? '');
      if (context && order) await syncOrder(context, order);
    }
  }

  return {
    orderRequests,
    accepted: rechargePlatform.accepted,
    round: async ({ orderIndexesByProcess: [first, second], passAfterTurns, passMs }: Round) => {
      await Promise.all([
        syncOrders(0, first),
        syncOrders(1, second),
        passTurns(passAfterTurns).then(() => (now += passMs)),
      ]);
    },
    orders: async () =>
      (await Promise.all(orders.map(({ id }) => findOrder(store, id)))).filter(
        (order) => order !== undefined,
      ),
    deliveries: () =>
      store
        .selectFrom('deliveries')
        .selectAll()
        .where(
          'order_id',
          'in',
          orders.map(({ id }) => id),
        )
        .execute(),
    alertsOf: async (orderId: string) => {
      const query = store.selectFrom('alerts').select('kind').where('subject', '=', orderId);
      return (await query.where('open_key', 'is not', null).execute()).map(({ kind }) => kind);
    },
  };
}
type DeliveryFixture = Awaited<ReturnType<typeof createDeliveryFixture>>;

/** What must be true at any time. */
async function expectInvariants(fixture: DeliveryFixture): Promise<void> {
  const numbers = fixture.orderRequests.map(({ orderNumber }) => orderNumber);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(fixture.orderRequests.map(({ inState }) => inState)).toEqual(
    numbers.map(() => 'delivering'),
  );
  for (const { number, state } of await fixture.orders()) {
    const accepted = fixture.accepted.filter(({ orderNumber }) => orderNumber === number);
    if (state === 'delivered') expect(accepted).toHaveLength(1);
    if (state === 'deliveryFailed' || state === 'paid') expect(accepted).toHaveLength(0);
  }
  await expectSnapshotBeforeOrder(fixture);
}

/** No package is ordered before the snapshot of its card was stored, and one order holds the lock. */
async function expectSnapshotBeforeOrder(fixture: DeliveryFixture): Promise<void> {
  const rows = new Map<string, DeliveryRow>();
  for (const row of await fixture.deliveries()) rows.set(row.order_id, row);
  for (const { orderNumber } of fixture.orderRequests) {
    expect(rows.get(orderNumber)?.held_before).toMatch(/^[0-2]$/);
  }
  const locked = [...rows.values()].filter((row) => row.running_key !== null);
  expect(locked.length).toBeLessThanOrEqual(1);
}

/** Runs without faults until each order is settled, or waits for a person who was called. */
async function runUntilFinished(fixture: DeliveryFixture): Promise<void> {
  for (let minutes = 0; minutes < 40; minutes += 4) {
    await fixture.round({
      orderIndexesByProcess: [
        [0, 1],
        [1, 0],
      ],
      passAfterTurns: 0,
      passMs: 4 * MINUTE,
    });
  }
}

async function expectFinished(fixture: DeliveryFixture): Promise<void> {
  const orders = await fixture.orders();
  const unknown = orders.filter(({ state }) => state === 'deliveryUnknown');
  for (const { id, number, state } of orders) {
    if (state === 'deliveryUnknown') {
      expect(await fixture.alertsOf(id)).toEqual(['deliveryUnknown']);
      expect(fixture.accepted.map(({ orderNumber }) => orderNumber)).not.toContain(number);
    } else if (unknown.length === 0) expect(['delivered', 'deliveryFailed']).toContain(state);
    else expect(['delivered', 'deliveryFailed', 'paid']).toContain(state);
  }
}

/** PostgreSQL is slower, and only there are writes concurrent. */
const RUNS: Readonly<Record<Dialect, number>> = { sqlite: 80, postgres: 40 };

describe.each(dialects)('on %s', (dialect) => {
  let testStore: TestStore;
  let opened: OpenStore[] = [];
  let stores: [Store, Store];

  beforeAll(async () => {
    testStore = await createTestStore(dialect);
    const open = () => openStore(testStore.databaseUrl, { warn: () => undefined });
    const first = await open();
    // An SQLite file belongs to one process, so there the two share a connection.
    const second = dialect === 'sqlite' ? first : await open();
    opened = [...new Set([first, second])];
    stores = [first.store, second.store];
  }, 60_000);
  afterAll(async () => {
    await Promise.all(opened.map(({ close }) => close()));
    await testStore.remove();
  });

  test('an order that was never sent is not sent any more once a person was called', async () => {
    const script: RechargeScript = {
      recharges: [],
      queries: ['timeout'],
      deliveryDelaysMs: [],
      suspensionsMs: [],
    };
    const fixture = await createDeliveryFixture(stores, { rounds: [], script, turns: [0] });
    const round: Round = { orderIndexesByProcess: [[0], []], passAfterTurns: 0, passMs: 0 };
    await fixture.round(round);
    const [order] = await fixture.orders();
    expect(order?.state).toBe('delivering');
    await stores[0]
      .transaction()
      .execute((tx) => transitionOrder(tx, order!, 'deliveryUnknown', START));
    await fixture.round(round);
    expect(fixture.orderRequests).toEqual([]);
    expect((await fixture.orders())[0]?.state).toBe('deliveryFailed');
  });

  test('an order whose process was suspended before the request is not sent late', async () => {
    const script: RechargeScript = {
      recharges: [],
      queries: [],
      deliveryDelaysMs: [],
      suspensionsMs: [11 * MINUTE],
    };
    const fixture = await createDeliveryFixture(stores, { rounds: [], script, turns: [0] });
    const round: Round = { orderIndexesByProcess: [[0], [0]], passAfterTurns: 0, passMs: 0 };
    await fixture.round(round);
    expect(fixture.orderRequests).toEqual([]);
    await runUntilFinished(fixture);
    await expectInvariants(fixture);
    expect((await fixture.orders())[0]?.state).not.toBe('deliveryUnknown');
  });

  test('each package is ordered at most once, and its order ends in the right state', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const fixture = await createDeliveryFixture(stores, scenario);
        for (const round of scenario.rounds) {
          await fixture.round(round);
          await expectInvariants(fixture);
        }
        await runUntilFinished(fixture);
        await expectInvariants(fixture);
        await expectFinished(fixture);
      }),
      { numRuns: RUNS[dialect], examples: [[suspendedBeforeTheCall]] },
    );
  }, 120_000);
});
