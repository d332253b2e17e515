import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import type { OrderState } from '@shared/order-state';
import type { Dialect } from '../store/store';
import { startStack, type Customer, type Stack } from './harness';
import { lateBound } from './late-bound';
import { advanceUntilState, placeOrder, preparePurchase, type Purchase } from './shopping';
import type { LedgerPayment } from './sandbox-controls';

export interface ShopOptions {
  /** The payment channel; its identity provider comes with it. 旭宇's unless given. */
  channel?: 'shingsou' | 'wechatpay';
  /** Settings over those of the sandbox. */
  env?: Readonly<Record<string, string>>;
  /** LIUKA_TEST_STORE, else SQLite, unless given. */
  store?: Dialect;
  /** Whether each test gets a card and a package to buy; true unless given. */
  preparesPurchase?: boolean;
}

/**
 * A running BFF with its platforms, and a customer. `stack`, `customer` and `purchase` can be destructured.
 */
export interface Shop {
  readonly stack: Stack;
  /** Another one in each test. */
  readonly customer: Customer;
  /** A healthy card of the customer's and a package for it; another card in each test. */
  readonly purchase: Purchase;
  /** Prepares the purchase of another customer, on a card that no test has used. */
  preparePurchaseFor(customer: Customer): Promise<Purchase>;
  placeOrder(): Promise<Order>;
  /** Places an order and pays it on its payment sheet. */
  paidOrder(): Promise<Order>;
  /** Advances the clock until an order is in a state, without querying the platforms. */
  waitFor(order: Order, state: OrderState, stepMs?: number): Promise<Order>;
  /** The payments of an order through the shop's channel, oldest first, and the number of its deliveries. */
  ledger(order: Order): Promise<{ payments: LedgerPayment[]; delivered: number }>;
  /** The kinds of open alerts about an order. */
  alerts(order: Order): unknown[];
  /** How many notifications had this result so far, by the metrics. */
  countNotifications(result: string, channel?: string): Promise<number>;
}

const channelSettings = {
  shingsou: { PAYMENT: 'shingsou', LOGIN: 'shingsou' },
  wechatpay: { PAYMENT: 'wechatpay', LOGIN: 'wechat' },
} as const;

/** Opens a shop for the tests of one file. Faults and lost responses end with each test. */
export function openShop({
  channel = 'shingsou',
  env = {},
  store,
  preparesPurchase = true,
}: ShopOptions = {}): Shop {
  let openStack: Stack | undefined;
  let currentCustomer: Customer | undefined;
  let currentPurchase: Purchase | undefined;
  let cardPosition = 0;
  const stack = lateBound(() => assertOpen(openStack));
  const customer = lateBound(() => assertOpen(currentCustomer));
  const purchase = lateBound(() => assertOpen(currentPurchase));

  beforeAll(async () => {
    const settings = { ...channelSettings[channel], ...env };
    openStack = await startStack({ env: settings, ...(store && { store }) });
  });
  beforeEach(async () => {
    currentCustomer = await stack.signIn(randomUUID());
    if (preparesPurchase) currentPurchase = await preparePurchaseFor(currentCustomer);
    stack.platformProxy.clearCalls();
  });
  afterEach(async () => {
    openStack?.platformProxy.restore();
    await openStack?.sandbox.faults();
  });
  afterAll(() => openStack?.close());

  function preparePurchaseFor(buyer: Customer): Promise<Purchase> {
    cardPosition += 1;
    return preparePurchase(stack, buyer, cardPosition);
  }

  const shop: Shop = {
    stack,
    customer,
    purchase,
    preparePurchaseFor,
    placeOrder: () => placeOrder(customer, purchase),
    paidOrder: async () => {
      const order = await shop.placeOrder();
      await payOnSheet(stack, order);
      return order;
    },
    waitFor: ({ id }, state, stepMs = 4_000) =>
      advanceUntilState(stack, customer, id, { state, stepMs }),
    ledger: async ({ number }) => {
      const { payments, deliveries } = await stack.sandbox.ledger();
      return {
        payments: payments.filter(
          (payment) => payment.orderNumber === number && payment.channel === channel,
        ),
        delivered: deliveries.filter(({ orderNumber }) => orderNumber === number).length,
      };
    },
    alerts: ({ id }) => openAlertKinds(stack, id),
    countNotifications: async (result, ofChannel = channel) => {
      const { text } = await stack.anyone.raw({ method: 'GET', path: '/metrics' });
      const label = `liuka_notifications_total{channel="${ofChannel}",result="${result}"} `;
      const line = text.split('\n').find((each) => each.startsWith(label));
      return Number(line?.slice(label.length) ?? 0);
    },
  };
  return shop;
}

function assertOpen<Part>(part: Part | undefined): Part {
  assert.ok(part, 'the shop is not open yet');
  return part;
}

/** Pays an order on its payment sheet. */
export async function payOnSheet({ sandbox }: Stack, { payment }: Order): Promise<void> {
  assert.equal(await sandbox.cashier(payment, 'pay'), 'requestPayment:ok');
}

/** The kinds of the open alerts about a subject, oldest first. */
export function openAlertKinds({ rows }: Stack, subject: string): unknown[] {
  return rows(
    'select kind from alerts where subject = ? and settled_at is null order by id',
    subject,
  ).map(({ kind }) => kind);
}
