import { type CardPlatforms, createCardPlatforms } from '../platforms/card-platforms';
import type { OrderState } from '@shared/order-state';
import { fen } from '@shared/money';
import { pino } from 'pino';
import { createWorker, type Worker } from '../jobs/worker';
import { newOrderNumber } from '../orders/order-number';
import { transitionOrder, insertOrder } from '../orders/transition-order';
import { insertCapture } from '../orders/capture-queries';
import { createGateways } from '../platforms/payment-gateways';
import type {
  BillEntry,
  CardPlatform,
  ListedOrder,
  Payment,
  PaymentGateway,
  PaymentState,
  RefundState,
} from '../platforms/ports';
import { insertRefund } from '../refunds/refund-queries';
import { createServices } from '../services';
import { newId } from '../store/ids';
import { openStore } from '../store/open-store';
import type { CaptureRow, OrderRow } from '../store/schema';
import type { Dialect, Store } from '../store/store';
import { lateBound } from './late-bound';
import { createTestStore } from './test-stores';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';

const MINUTE = 60_000;

/** The records of the channel and the platform, which tests edit. */
interface PlatformRecords {
  /** Bills by day; other days have none. */
  bills: Map<string, BillEntry[]>;
  lists: Map<string, ListedOrder[]>;
  /** Payments by transaction number. */
  payments: Map<string, Payment & { orderNumber: string }>;
  refunds: Map<string, RefundState>;
  delivered: Set<string>;
  /** The days whose bill was requested, in order. */
  requestedBillDays: string[];
}

/** The real services, worker and store, with a channel and a platform that answer from `platformRecords`. */
export interface ReconciliationFixture {
  store: Store;
  platformRecords: PlatformRecords;
  services: ReturnType<typeof createServices>;
  gateway: PaymentGateway;
  platforms: CardPlatforms;
  worker: Worker;
  clock: () => number;
  setClock(instant: number): void;
  /** Inserts a paid order and advances it to a state. */
  addPaidOrder(order: {
    paidAt: number;
    amount?: number;
    state?: OrderState;
  }): Promise<RecordedOrder>;
  /** Inserts an order without a payment. */
  addUnpaidOrder(order: { at: number; state: 'awaitingPayment' | 'closed' }): Promise<OrderRow>;
  /** Inserts a refund of a part of an order. @returns its number */
  addRefund(recorded: RecordedOrder, amount: number, at: number): Promise<string>;
  order(id: string): Promise<OrderRow>;
  close(): Promise<void>;
}

export interface RecordedOrder {
  order: OrderRow;
  capture: CaptureRow;
}

/** The usual transitions from `created` to a state. */
const statePaths: Readonly<Partial<Record<OrderState, readonly OrderState[]>>> = {
  awaitingPayment: ['awaitingPayment'],
  closed: ['awaitingPayment', 'closed'],
  reviewing: ['awaitingPayment', 'reviewing'],
  delivering: ['awaitingPayment', 'paid', 'delivering'],
  deliveryUnknown: ['awaitingPayment', 'paid', 'delivering', 'deliveryUnknown'],
  delivered: ['awaitingPayment', 'paid', 'delivering', 'delivered'],
};

function createPlatformRecords(): PlatformRecords {
  return {
    bills: new Map(),
    lists: new Map(),
    payments: new Map(),
    refunds: new Map(),
    delivered: new Set(),
    requestedBillDays: [],
  };
}

function createGateway(name: string, platformRecords: PlatformRecords): PaymentGateway {
  const refused = { outcome: 'refused', reason: 'rejected', message: 'not simulated' } as const;
  const find = (number: string) =>
    [...platformRecords.payments.values()].find(({ orderNumber }) => orderNumber === number);
  return {
    name,
    deliversOnPayment: true,
    createPayment: () => Promise.resolve(refused),
    queryPayment: (number): Promise<PaymentState> => {
      const payment = find(number);
      return Promise.resolve(payment ? { state: 'paid', ...payment } : { state: 'unpaid' });
    },
    queryTransaction: (id) => Promise.resolve(platformRecords.payments.get(id)),
    closePayment: () => Promise.resolve(refused),
    refund: () => Promise.resolve(refused),
    queryRefund: (number) => Promise.resolve(platformRecords.refunds.get(number) ?? 'absent'),
    readNotification: () =>
      Promise.resolve({ outcome: 'refused', reason: 'notification.invalid', message: '' }),
    acknowledgement: {},
    downloadBill: (day) => {
      platformRecords.requestedBillDays.push(day);
      return Promise.resolve(platformRecords.bills.get(day));
    },
  };
}

function createCards(platformRecords: PlatformRecords): CardPlatform {
  return {
    name: 'shingsou',
    idempotentOrders: true,
    find: () => Promise.resolve([]),
    report: () => Promise.resolve(undefined),
    packagesOnSale: () => Promise.resolve({ categories: [], offers: [] }),
    orderPackage: () => Promise.resolve({ outcome: 'unknown', message: 'not simulated' }),
    delivery: ({ orderNumber }) =>
      Promise.resolve(
        platformRecords.delivered.has(orderNumber)
          ? { state: 'delivered', at: 0 }
          : { state: 'pending' },
      ),
    ordersOfDay: (day) => Promise.resolve(platformRecords.lists.get(day) ?? []),
  };
}

async function insertCustomer(store: Store, at: number) {
  const user = { id: newId(), app_id: 'wx', openid: newId(), created_at: at };
  const none = { access_number: null, report: null, fetched_at: null, refetch: 0 as const };
  const iccid = '89860000000000000001';
  const ref = iccid;
  const card = {
    id: newId(),
    platform: 'shingsou',
    ref,
    iccid,
    carrier: 'telecom',
    created_at: at,
  };
  await store.insertInto('users').values(user).execute();
  await store
    .insertInto('cards')
    .values({ ...card, ...none })
    .execute();
  return { user, card };
}

type CustomerRows = Awaited<ReturnType<typeof insertCustomer>>;

function newOrder(
  { user, card }: CustomerRows,
  channel: string,
  at: number,
  amount: number,
): OrderRow {
  return {
    id: newId(),
    number: newOrderNumber(at),
    user_id: user.id,
    card_id: card.id,
    platform: card.platform,
    card_ref: card.ref,
    iccid: card.iccid,
    cost_fen: null,
    openid: user.openid,
    channel,
    package_id: 'p',
    package_name: '套餐',
    package_data_mb: 1_024,
    effective: 'now',
    effective_from: at,
    settlement_day: LAST_DAY_OF_MONTH,
    effective_until: null,
    amount_fen: amount,
    state: 'created',
    state_since: at,
    version: 0,
    open_key: null,
    pay_before: at + 30 * MINUTE,
    cancel_requested_at: null,
    paid_at: null,
    delivered_at: null,
    transaction_id: null,
    created_at: at,
  };
}

export async function createReconciliationFixture(
  dialect: Dialect,
  start: number,
): Promise<ReconciliationFixture> {
  const { databaseUrl, remove } = await createTestStore(dialect);
  const opened = await openStore(databaseUrl, { acceptDataLoss: false, warn: () => undefined });
  const { store } = opened;
  let now = start;
  const clock = () => now;
  const platformRecords = createPlatformRecords();
  const log = pino({ level: 'silent' });
  const gateway = createGateway('shingsou', platformRecords);
  const platforms = createCardPlatforms([createCards(platformRecords)]);
  const services = createServices({
    store,
    clock,
    log,
    platforms,
    gateways: createGateways(gateway),
    identity: {
      appId: 'wx',
      exchangeCode: () => Promise.resolve({ outcome: 'refused', reason: 'codeInvalid' }),
    },
  });
  const worker = createWorker({ store, clock, log, handlers: services.jobs, pollMs: 1_000_000 });
  const customer = await insertCustomer(store, start);

  /** Makes the transitions one by one; `paid` and `reviewing` record the payment. */
  async function advanceTo(order: OrderRow, states: readonly OrderState[], payment?: Payment) {
    let current = order;
    for (const to of states) {
      const after = await store.transaction().execute(async (tx) => {
        const isRecording = payment !== undefined && (to === 'paid' || to === 'reviewing');
        const changes = isRecording
          ? { paid_at: payment.paidAt, transaction_id: payment.transactionId }
          : {};
        const changed = await transitionOrder(tx, current, to, payment?.paidAt ?? now, { changes });
        if (changed && isRecording) await insertCapture(tx, changed, payment);
        return changed;
      });
      if (!after) throw new Error(`the order did not change to ${to}`);
      current = after;
    }
    return current;
  }

  return {
    store,
    platformRecords,
    services,
    gateway,
    platforms,
    worker,
    clock,
    setClock: (instant) => {
      now = instant;
    },
    addPaidOrder: async ({ paidAt, amount = 1_800, state = 'delivered' }) => {
      const draft = newOrder(customer, gateway.name, paidAt - MINUTE, amount);
      await store.transaction().execute((tx) => insertOrder(tx, draft));
      const transactionId = `42000${draft.number.slice(-10)}`;
      const payment: Payment = { amount: fen(amount), transactionId, openid: null, paidAt };
      platformRecords.payments.set(transactionId, { ...payment, orderNumber: draft.number });
      const order = await advanceTo(draft, statePaths[state] ?? [], payment);
      const capture = await store
        .selectFrom('captures')
        .selectAll()
        .where('order_id', '=', order.id)
        .executeTakeFirstOrThrow();
      return { order, capture };
    },
    addUnpaidOrder: async ({ at, state }) => {
      const draft = newOrder(customer, gateway.name, at, 1_800);
      await store.transaction().execute((tx) => insertOrder(tx, draft));
      return advanceTo(draft, statePaths[state] ?? []);
    },
    addRefund: async ({ order, capture }, amount, at) => {
      const refund = { capture, amount, reason: 'test', now: at };
      await store.transaction().execute((tx) => insertRefund(tx, order, refund));
      const { number } = await store
        .selectFrom('refunds')
        .select('number')
        .where('order_id', '=', order.id)
        .orderBy('id', 'desc')
        .executeTakeFirstOrThrow();
      return number;
    },
    order: (id) =>
      store.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    close: async () => {
      await worker.stop();
      await opened.close();
      await remove();
    },
  };
}

/** Opens a fixture for each test of a block. @param start the time at which each test starts, epoch ms */
export function openReconciliationFixture(dialect: Dialect, start: number): ReconciliationFixture {
  let current: ReconciliationFixture | undefined;
  beforeEach(async () => {
    current = await createReconciliationFixture(dialect, start);
  });
  afterEach(() => current?.close());
  return lateBound(() => {
    if (!current) throw new Error('the fixture is not open yet');
    return current;
  });
}

/** The bill entry that matches our record of a payment. */
export function billEntryOf({ order, capture }: RecordedOrder): BillEntry {
  return {
    kind: 'payment',
    orderNumber: order.number,
    transactionId: capture.transaction_id,
    refundNumber: null,
    amount: fen(capture.amount_fen),
  };
}

/** The platform's list entry that matches our record of an order. */
export function listedOrderOf({ order }: RecordedOrder): ListedOrder {
  return {
    orderNumber: order.number,
    packageId: order.package_id,
    amount: fen(order.amount_fen),
    paid: true,
    delivered: true,
  };
}
