import type { CardPlatforms } from '../platforms/card-platforms';
import { createCardPlatforms } from '../platforms/card-platforms';
import type { OrderState } from '@shared/order-state';
import { fen } from '@shared/money';
import { pino } from 'pino';
import type { Worker } from '../jobs/worker';
import { createWorker } from '../jobs/worker';
import { newOrderNumber } from '../orders/order-number';
import { transitionOrder, insertOrder } from '../orders/order-queries';
import { insertCapture } from '../orders/capture-queries';
import { createGateways } from '../platforms/payment-gateways';
import type { BillEntry, CardPlatform, ListedOrder, PaymentGateway } from '../platforms/ports';
import type { Payment, PaymentState, RefundState } from '../platforms/ports';
import { insertRefund } from '../refunds/refund-queries';
import { createServices } from '../services';
import { newId } from '../store/ids';
import { openStore } from '../store/open-store';
import type { CaptureRow, OrderRow } from '../store/schema';
import type { Dialect, Store } from '../store/store';
import { createTestStore } from './test-stores';

const MINUTE = 60_000;

/** What the channel and the platform say when they are asked; a test writes it as it likes. */
export interface PlatformRecords {
  /** Bills by day; a day that is missing has none. */
  bills: Map<string, BillEntry[]>;
  lists: Map<string, ListedOrder[]>;
  /** Payments by transaction number. */
  payments: Map<string, Payment & { orderNumber: string }>;
  refunds: Map<string, RefundState>;
  delivered: Set<string>;
  /** The days a bill was asked for, in order. */
  requestedBillDays: string[];
}

/** The real services, worker and store around a channel and a platform that are only what they say. */
export interface ReconciliationFixture {
  store: Store;
  platformRecords: PlatformRecords;
  services: ReturnType<typeof createServices>;
  gateway: PaymentGateway;
  platforms: CardPlatforms;
  worker: Worker;
  clock: () => number;
  setClock(instant: number): void;
  /** A paid order in our book, led to a state along its usual way. */
  addPaidOrder(order: {
    paidAt: number;
    amount?: number;
    state?: OrderState;
  }): Promise<RecordedOrder>;
  /** An order of ours that our book takes for unpaid. */
  addUnpaidOrder(order: { at: number; state: 'awaitingPayment' | 'closed' }): Promise<OrderRow>;
  /** Promises a part of an order's money back. */
  addRefund(recorded: RecordedOrder, amount: number, at: number): Promise<string>;
  order(id: string): Promise<OrderRow>;
  close(): Promise<void>;
}

export interface RecordedOrder {
  order: OrderRow;
  capture: CaptureRow;
}

/** The usual way to a state, from `created` on. */
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
  const refused = { outcome: 'refused', reason: 'rejected', message: 'not asked for' } as const;
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
    orderPackage: () => Promise.resolve({ outcome: 'unknown', message: 'not asked for' }),
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
    ...{ id: newId(), number: newOrderNumber(at), user_id: user.id, card_id: card.id },
    ...{ platform: card.platform, card_ref: card.ref, iccid: card.iccid, cost_fen: null },
    ...{ openid: user.openid, channel, package_id: 'p', package_name: '套餐' },
    ...{ package_data_mb: 1_024, effective: 'now', effective_from: at, amount_fen: amount },
    ...{ state: 'created', state_since: at, version: 0, open_key: null },
    ...{ pay_before: at + 30 * MINUTE, cancel_requested_at: null, paid_at: null },
    ...{ delivered_at: null, transaction_id: null, created_at: at },
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
    ...{ store, clock, log, platforms, gateways: createGateways(gateway) },
    identity: {
      appId: 'wx',
      exchangeCode: () => Promise.resolve({ outcome: 'refused', reason: 'codeInvalid' }),
    },
  });
  const worker = createWorker({ store, clock, log, handlers: services.jobs, pollMs: 1_000_000 });
  const person = await insertCustomer(store, start);

  /** Leads an order to a state; `paid` and `reviewing` book the payment with it. */
  async function advanceTo(order: OrderRow, states: readonly OrderState[], payment?: Payment) {
    let at = order;
    for (const to of states) {
      const after = await store.transaction().execute(async (tx) => {
        const isBooking = payment !== undefined && (to === 'paid' || to === 'reviewing');
        const changes = isBooking
          ? { paid_at: payment.paidAt, transaction_id: payment.transactionId }
          : {};
        const changed = await transitionOrder(tx, at, to, payment?.paidAt ?? now, { changes });
        if (changed && isBooking) await insertCapture(tx, changed, payment);
        return changed;
      });
      if (!after) throw new Error(`the order did not get to ${to}`);
      at = after;
    }
    return at;
  }

  return {
    ...{ store, platformRecords, services, gateway, platforms, worker, clock },
    setClock: (instant) => {
      now = instant;
    },
    addPaidOrder: async ({ paidAt, amount = 1_800, state = 'delivered' }) => {
      const draft = newOrder(person, gateway.name, paidAt - MINUTE, amount);
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
      const draft = newOrder(person, gateway.name, at, 1_800);
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

/** The line of a bill that says what our book says of a payment. */
export function billEntryOf({ order, capture }: RecordedOrder): BillEntry {
  return {
    kind: 'payment',
    orderNumber: order.number,
    transactionId: capture.transaction_id,
    refundNumber: null,
    amount: fen(capture.amount_fen),
  };
}

/** The line of the platform's list that says what our book says of a delivery. */
export function listedOrderOf({ order }: RecordedOrder): ListedOrder {
  return {
    ...{ orderNumber: order.number, iccid: order.iccid, packageId: order.package_id },
    ...{ amount: fen(order.amount_fen), paid: true, delivered: true },
  };
}
