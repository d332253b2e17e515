import { createCardPlatforms } from '../platforms/card-platforms';
import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import { pino } from 'pino';
import { createCardProvider, packageIds, catalogue } from './faults/simulated/card-provider';
import { createChannel, type Channel, type ChannelEvent } from './faults/simulated/channel';
import { insertFixtures, type Fixtures } from './faults/simulated/fixtures';
import { createWorker } from '../jobs/worker';
import { effectiveAt, monthPassed } from '../platforms/effective-at';
import { createGateways } from '../platforms/payment-gateways';
import type { CardPlatform, IdentityProvider } from '../platforms/ports';
import { checkLedger } from '../reconciliation/ledger-check';
import { createServices } from '../services';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import type { Dialect, Store } from '../store/store';
import { createFlakyGateway, type FlakyGateway } from './flaky-gateway';
import { lateBound } from './late-bound';
import { openTestStore } from './test-stores';

const START = Date.UTC(2026, 2, 15, 4);

/** A store that the simulations of a file share, one after the other. */
export interface PaymentStore {
  store: Store;
  fixtures: Fixtures;
}

/** Opens such a store for the tests of a block, and removes it after them. */
export function openPaymentStore(dialect: Dialect): PaymentStore {
  const store = openTestStore(dialect);
  let inserted: Fixtures | undefined;
  beforeAll(async () => {
    const provider = createCardProvider({
      now: () => START,
      later: () => undefined,
      idempotentOrders: true,
      behaviour: normalBehaviour,
      platformTime: () => START,
    });
    inserted = await insertFixtures(store, provider, { customers: 1, cards: 1, now: START });
  });
  const fixtures = lateBound(() => {
    if (!inserted) throw new Error('the fixtures are not inserted yet');
    return inserted;
  });
  return { store, fixtures };
}

function normalBehaviour() {
  return { takesMs: 2_000, lagMs: 0, fails: false, stuck: false, rejects: false };
}

/** A clock that only moves by `advance`, with a queue of events. */
function createTime() {
  let now = START;
  let due: { at: number; action: () => void }[] = [];
  return {
    now: () => now,
    later: (ms: number, action: () => void) => {
      due = [...due, { at: now + ms, action }].sort((a, b) => a.at - b.at);
    },
    advance: (ms: number) => {
      const until = now + ms;
      for (let next = due[0]; next && next.at <= until; next = due[0]) {
        due = due.slice(1);
        now = next.at;
        next.action();
      }
      now = until;
    },
  };
}

/**
 * Two BFF processes on one store, with a simulated channel that signs notifications and a simulated card
 * platform. The outcome of every call to the channel is set by the test.
 */
export interface PaymentSimulation {
  channel: Channel;
  gateway: FlakyGateway;
  /** Whether deliveries that start now fail. */
  behaviour: { fails: boolean };
  now(): number;
  advance(ms: number): void;
  placeOrder(): Promise<Order>;
  /** A supervisor refunds a part of an order. @throws ApiError if that is refused */
  refund(orderId: string, amountFen: number): Promise<void>;
  /** The events of the channel so far. */
  events: ChannelEvent[];
  /** Delivers the notification of an event. */
  notify(event: ChannelEvent): Promise<void>;
  /** Runs due jobs in both processes. */
  runDueJobs(): Promise<void>;
  /** Advances the clock until no job is left. */
  runUntilIdle(): Promise<void>;
  orders(): Promise<OrderRow[]>;
  captures(): Promise<CaptureRow[]>;
  refunds(): Promise<RefundRow[]>;
  delivered(orderNumber: string): number;
  openAlerts(): Promise<string[]>;
  findIntegrityFaults(): Promise<string[]>;
}

const noIdentity: IdentityProvider = {
  appId: 'simulated',
  exchangeCode: () => Promise.resolve({ outcome: 'refused', reason: 'codeInvalid' }),
};
const requestBase = {
  requestId: 'payment-simulation',
  language: 'en',
  token: '',
  ip: '127.0.0.1',
} as const;
const none = { params: undefined, query: undefined, headers: undefined, body: undefined };

async function insertCustomer(store: Store, { cards }: Fixtures) {
  const auth = { userId: randomUUID(), openid: randomUUID(), createdAt: START };
  const { userId: id, openid } = auth;
  const user = { id, openid, app_id: 'simulated', created_at: START };
  await store.insertInto('users').values(user).execute();
  const sighting = { user_id: id, card_id: cards[0], seen_at: START };
  await store.insertInto('card_sightings').values(sighting).execute();
  return auth;
}

export async function createPaymentSimulation({
  store,
  fixtures,
}: PaymentStore): Promise<PaymentSimulation> {
  // Jobs that an earlier simulation left behind.
  await store.deleteFrom('jobs').execute();
  const { now, later, advance } = createTime();
  const behaviour = { fails: false };
  const events: ChannelEvent[] = [];
  const channel = createChannel({
    now,
    later,
    onEvent: (event: ChannelEvent) => void events.push(event),
    onOpened: () => undefined,
    traits: { name: `wechatpay-${randomUUID()}`, closableAfterMs: 0, refundMs: 4_000 },
  });
  const provider = createCardProvider({
    now,
    later,
    idempotentOrders: true,
    behaviour: () => ({ ...normalBehaviour(), ...behaviour }),
    platformTime: now,
  });
  const gateway = createFlakyGateway(channel, later);
  const cards: CardPlatform = {
    name: 'shingsou',
    idempotentOrders: true,
    find: () => Promise.resolve([]),
    report: (iccid) => Promise.resolve(provider.report(iccid)),
    packagesOnSale: () => Promise.resolve(catalogue),
    orderPackage: (order) => {
      const effective = effectiveAt(order, now());
      return Promise.resolve(
        effective === undefined ? monthPassed : provider.orderPackage(order, effective),
      );
    },
    delivery: ({ orderNumber }) => Promise.resolve(provider.delivery(orderNumber)),
    ordersOfDay: (day) => Promise.resolve(provider.ordersOfDay(day)),
  };
  const log = pino({ level: 'silent' });
  const start = () => {
    const parts = { store, clock: now, log };
    const gateways = createGateways(gateway.port);
    const platforms = createCardPlatforms([cards]);
    const services = createServices({ ...parts, identity: noIdentity, platforms, gateways });
    const worker = createWorker({ ...parts, handlers: services.jobs, pollMs: 1_000 });
    return { services, worker };
  };
  const processes = [start(), start()] as const;
  const auth = await insertCustomer(store, fixtures);
  const ownOrderIds = store.selectFrom('orders').select('id').where('user_id', '=', auth.userId);

  async function runDueJobs(): Promise<void> {
    await Promise.all(processes.map(({ worker }) => worker.runDue()));
  }

  return {
    channel,
    gateway,
    behaviour,
    now,
    advance,
    events,
    runDueJobs,
    placeOrder: async () => {
      const input = {
        ...requestBase,
        ...none,
        auth,
        headers: { 'idempotency-key': randomUUID() },
        body: { cardId: fixtures.cards[0], packageId: packageIds[0], effective: 'now' as const },
      };
      return (await processes[0].services.handlers['POST /orders'](input)).body;
    },
    refund: async (orderId, amountFen) => {
      await processes[0].services.handlers['POST /support/orders/:orderId/refunds']({
        ...requestBase,
        ...none,
        auth: fixtures.staff,
        params: { orderId },
        headers: { 'idempotency-key': randomUUID() },
        body: { amountFen, reason: 'goodwill' },
      });
    },
    notify: async (event) => {
      const raw = gateway.notification(event);
      await processes[1].services.notifications.receive(channel.traits.name, raw);
    },
    runUntilIdle: async () => {
      for (let rounds = 0; rounds < 500; rounds += 1) {
        await runDueJobs();
        const next = await store
          .selectFrom('jobs')
          .select('run_at')
          .orderBy('run_at')
          .limit(1)
          .executeTakeFirst();
        if (!next) return;
        advance(Math.max(1, next.run_at - now()));
      }
      throw new Error('the jobs never end');
    },
    orders: () =>
      store.selectFrom('orders').selectAll().where('user_id', '=', auth.userId).execute(),
    captures: () =>
      store.selectFrom('captures').selectAll().where('order_id', 'in', ownOrderIds).execute(),
    refunds: () =>
      store.selectFrom('refunds').selectAll().where('order_id', 'in', ownOrderIds).execute(),
    delivered: (orderNumber) =>
      provider.deliveries().filter(({ order }) => order.orderNumber === orderNumber).length,
    openAlerts: async () => {
      const query = store.selectFrom('alerts').select('kind').where('open_key', 'is not', null);
      return (await query.where('subject', 'in', ownOrderIds).execute()).map(({ kind }) => kind);
    },
    findIntegrityFaults: async () =>
      (await checkLedger(store)).map((fault) => JSON.stringify(fault)),
  };
}
