import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { createCardPlatforms } from '../cards/card-platforms';
import { createChannel } from '../faults/simulated/channel';
import { transitionOrder, findOrder } from '../orders/order-queries';
import type { OrderContext } from '../orders/settlement';
import { createGateways } from '../payments/gateways';
import { PlatformUnavailable } from '../platforms/ports';
import { openStore, type OpenStore } from '../store/open-store';
import type { DeliveryRow, OrderRow } from '../store/schema';
import type { Dialect, Store } from '../store/store';
import { createFlakyGateway } from '../test/fickle-gateway';
import { createTestStore, dialects, type TestStore } from '../test/stores';
import { startDelivery } from './order-package';
import { syncDelivery } from './settle-delivery';
import { addCard, addPaidOrder } from './testing/paid-orders';
import {
  createRechargeDesk,
  ProcessDied,
  questionFates,
  rechargeFates,
  type DeskScript,
} from './testing/recharge-desk';

/**
 * Two paid orders for the same package on one card of a platform that takes no number of ours. Two processes
 * push them on at once, in any order, and die at any call; answers and requests get lost, time passes.
 */

const START = Date.UTC(2026, 2, 15, 4);
const MINUTE = 60_000;
const log = pino({ level: 'silent' });

/** Which orders each process looks at, one after the other, and how much time passes amid it, in ms. */
interface Round {
  looks: [first: number[], second: number[]];
  passAfterTurns: number;
  passMs: number;
}

interface Story {
  rounds: Round[];
  script: DeskScript;
  /** How many turns of the event loop calls take, in turn. */
  turns: number[];
}

const looks = fc.array(fc.nat(1), { maxLength: 4 });
const story: fc.Arbitrary<Story> = fc.record({
  rounds: fc.array(
    fc.record({
      looks: fc.tuple(looks, looks),
      passAfterTurns: fc.nat(40),
      passMs: fc.constantFrom(0, 0, 4_000, MINUTE, 11 * MINUTE),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  script: fc.record({
    recharges: fc.array(fc.constantFrom(...rechargeFates), { maxLength: 4 }),
    questions: fc.array(fc.constantFrom(...questionFates), { maxLength: 10 }),
    takesMs: fc.array(fc.constantFrom(0, 3_000, 12 * MINUTE), { maxLength: 3 }),
  }),
  turns: fc.array(fc.nat(24), { minLength: 1, maxLength: 40 }),
});

/** The world of one story: its orders, its desk, and two processes on the store. */
async function createWorld(stores: readonly [Store, Store], { script, turns }: Story) {
  let now = START;
  const [store] = stores;
  const cardId = await addCard(store, START);
  const orders = [
    await addPaidOrder(store, cardId, START),
    await addPaidOrder(store, cardId, START),
  ] as const;
  const asked: { orderNumber: string; inState: string | undefined }[] = [];
  let turnsTaken = 0;

  async function passTurns(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) await nextTurn();
  }
  const turn = () => passTurns(turns[(turnsTaken += 1) % turns.length] ?? 0);

  const desk = createRechargeDesk({
    ...{ script: structuredClone(script), now: () => now, turn },
    onAsked: async (orderNumber) => {
      asked.push({ orderNumber, inState: (await findOrder(store, orderNumber))?.state });
    },
  });
  const channel = createChannel({
    ...{ now: () => now, later: () => undefined, tell: () => undefined, onOpened: () => undefined },
    traits: { name: 'wechatpay', closableAfterMs: 0, refundMs: 0 },
  });
  const contexts = stores.map((own): OrderContext => ({
    ...{ store: own, clock: () => now, log },
    gateways: createGateways(createFlakyGateway(channel, () => undefined).port),
    platforms: createCardPlatforms([desk.platform]),
    onDelivered: () => Promise.resolve(),
  }));

  async function push(context: OrderContext, order: OrderRow): Promise<void> {
    try {
      if (order.state === 'paid') await startDelivery(context, order);
      if (order.state === 'delivering' || order.state === 'deliveryUnknown') {
        await syncDelivery(context, order);
      }
    } catch (error) {
      if (!(error instanceof PlatformUnavailable || error instanceof ProcessDied)) throw error;
    }
  }

  async function look(process: number, which: readonly number[]): Promise<void> {
    const context = contexts[process];
    for (const index of which) {
      await turn();
      const order = await findOrder(store, orders[index]?.id ?? '');
      if (context && order) await push(context, order);
    }
  }

  return {
    asked,
    accepted: desk.accepted,
    round: async ({ looks: [first, second], passAfterTurns, passMs }: Round) => {
      await Promise.all([
        look(0, first),
        look(1, second),
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
type World = Awaited<ReturnType<typeof createWorld>>;

/** What holds at every moment. */
async function expectSafe(world: World): Promise<void> {
  const numbers = world.asked.map(({ orderNumber }) => orderNumber);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(world.asked.map(({ inState }) => inState)).toEqual(numbers.map(() => 'delivering'));
  for (const { number, state } of await world.orders()) {
    const made = world.accepted.filter(({ orderNumber }) => orderNumber === number);
    if (state === 'delivered') expect(made).toHaveLength(1);
    if (state === 'deliveryFailed' || state === 'paid') expect(made).toHaveLength(0);
  }
  await expectLooksFirst(world);
}

/** No package is asked for before it was written down what its card held. */
async function expectLooksFirst(world: World): Promise<void> {
  const rows = new Map<string, DeliveryRow>();
  for (const row of await world.deliveries()) rows.set(row.order_id, row);
  for (const { orderNumber } of world.asked) {
    expect(rows.get(orderNumber)?.held_before).toMatch(/^[0-2]$/);
  }
  const running = [...rows.values()].filter((row) => row.running_key !== null);
  expect(running.length).toBeLessThanOrEqual(1);
}

/** All goes well from here on, and time passes: what is not settled then waits for a person, who was called. */
async function rest(world: World): Promise<void> {
  for (let minutes = 0; minutes < 40; minutes += 4) {
    await world.round({
      looks: [
        [0, 1],
        [1, 0],
      ],
      passAfterTurns: 0,
      passMs: 4 * MINUTE,
    });
  }
}

async function expectFinished(world: World): Promise<void> {
  const orders = await world.orders();
  const unknown = orders.filter(({ state }) => state === 'deliveryUnknown');
  for (const { id, number, state } of orders) {
    if (state === 'deliveryUnknown') {
      expect(await world.alertsOf(id)).toEqual(['deliveryUnknown']);
      expect(world.accepted.map(({ orderNumber }) => orderNumber)).not.toContain(number);
    } else if (unknown.length === 0) expect(['delivered', 'deliveryFailed']).toContain(state);
    else expect(['delivered', 'deliveryFailed', 'paid']).toContain(state);
  }
}

/** PostgreSQL is slower to tell, and alone has writers at once. */
const RUNS: Readonly<Record<Dialect, number>> = { sqlite: 80, postgres: 40 };

describe.each(dialects)('on %s', (dialect) => {
  let place: TestStore;
  let opened: OpenStore[] = [];
  let stores: [Store, Store];

  beforeAll(async () => {
    place = await createTestStore(dialect);
    const open = () => openStore(place.databaseUrl, { warn: () => undefined });
    const first = await open();
    // A file of SQLite is one process's own: there the two share what it has open.
    const second = dialect === 'sqlite' ? first : await open();
    opened = [...new Set([first, second])];
    stores = [first.store, second.store];
  }, 60_000);
  afterAll(async () => {
    await Promise.all(opened.map(({ close }) => close()));
    await place.remove();
  });

  test('one that a person was called for is not asked for any more', async () => {
    const script: DeskScript = { recharges: [], questions: ['silent'], takesMs: [] };
    const world = await createWorld(stores, { rounds: [], script, turns: [0] });
    const look: Round = { looks: [[0], []], passAfterTurns: 0, passMs: 0 };
    await world.round(look);
    const [order] = await world.orders();
    expect(order?.state).toBe('delivering');
    await stores[0]
      .transaction()
      .execute((tx) => transitionOrder(tx, order!, 'deliveryUnknown', START));
    await world.round(look);
    expect(world.asked).toEqual([]);
    expect((await world.orders())[0]?.state).toBe('deliveryFailed');
  });

  test('each order is asked for at most once, and ends as what became of it', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const world = await createWorld(stores, told);
        for (const round of told.rounds) {
          await world.round(round);
          await expectSafe(world);
        }
        await rest(world);
        await expectSafe(world);
        await expectFinished(world);
      }),
      { numRuns: RUNS[dialect] },
    );
  }, 120_000);
});
