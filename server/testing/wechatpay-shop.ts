import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import type { OrderState } from '@shared/order-state';
import { startStack, type Customer, type Stack } from './harness';
import { advanceUntilState, placeOrder, preparePurchase, type Purchase } from './shopping';
import type { LedgerPayment } from './sandbox-controls';

/** Settings over those of the sandbox: people sign in with WeChat, and pay through WeChat Pay itself. */
const DIRECT = { PAYMENT: 'wechatpay', LOGIN: 'wechat' } as const;

/** Addresses of WeChat Pay's operations, as they pass on the line. */
export const payPaths = {
  order: '/v3/pay/transactions/jsapi',
  refund: '/v3/refund/domestic/refunds',
  certificates: '/v3/certificates',
  queryOf: (number: string) => `/v3/pay/transactions/out-trade-no/${number}`,
  closeOf: (number: string) => `/v3/pay/transactions/out-trade-no/${number}/close`,
  transactionOf: (id: string) => `/v3/pay/transactions/id/${id}`,
} as const;

export interface WechatPayShop {
  readonly stack: Stack;
  /** A customer of each test's own, with a card of their own in hand and a package chosen. */
  readonly customer: Customer;
  readonly purchase: Purchase;
  placeOrder(): Promise<Order>;
  /** An order that was paid at its sheet. */
  paidOrder(): Promise<Order>;
  /** Lets time pass, a few seconds at a go, until an order is in a state; asks no platform. */
  waitFor(order: Order, state: OrderState, stepMs?: number): Promise<Order>;
  /** What WeChat Pay took for an order, oldest first, and how often it was delivered. */
  ledger(order: Order): Promise<{ payments: LedgerPayment[]; delivered: number }>;
  /** The kinds of open alerts about an order. */
  alerts(order: Order): unknown[];
  /** How many notifications had this result so far, by the metrics. */
  countNotifications(result: string, channel?: string): Promise<number>;
}

/** Opens a shop for the tests of one file. Faults and lost answers end with each test. */
export function openWechatPayShop(
  env: () => Readonly<Record<string, string>> = () => ({}),
): WechatPayShop {
  let opened: Pick<WechatPayShop, 'stack' | 'customer' | 'purchase'> | undefined;
  let stack: Stack | undefined;
  let position = 0;

  function current() {
    if (!opened) throw new Error('the shop is not open yet');
    return opened;
  }

  beforeAll(async () => {
    stack = await startStack({ env: { ...DIRECT, ...env() } });
  });
  beforeEach(async () => {
    if (!stack) return;
    const customer = await stack.signIn(randomUUID());
    const purchase = await preparePurchase(stack, customer, position);
    position += 1;
    stack.platformProxy.clearCalls();
    opened = { stack, customer, purchase };
  });
  afterEach(async () => {
    stack?.platformProxy.restore();
    await stack?.sandbox.faults();
  });
  afterAll(() => stack?.close());

  const shop: WechatPayShop = {
    get stack() {
      return current().stack;
    },
    get customer() {
      return current().customer;
    },
    get purchase() {
      return current().purchase;
    },
    placeOrder: () => placeOrder(shop.customer, shop.purchase),
    paidOrder: async () => {
      const order = await shop.placeOrder();
      expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
      return order;
    },
    waitFor: (order, state, stepMs = 4_000) =>
      advanceUntilState(shop.stack, shop.customer, order.id, { state, stepMs }),
    ledger: async ({ number }) => {
      const { payments, deliveries } = await shop.stack.sandbox.ledger();
      return {
        payments: payments.filter(
          ({ orderNumber, channel }) => orderNumber === number && channel === 'wechatpay',
        ),
        delivered: deliveries.filter(({ orderNumber }) => orderNumber === number).length,
      };
    },
    alerts: ({ id }) =>
      shop.stack
        .rows('select kind from alerts where subject = ? and settled_at is null order by id', id)
        .map(({ kind }) => kind),
    countNotifications: async (result, channel = 'wechatpay') => {
      const { text } = await shop.stack.anyone.raw({ method: 'GET', path: '/metrics' });
      const label = `liuka_notifications_total{channel="${channel}",result="${result}"} `;
      const line = text.split('\n').find((each) => each.startsWith(label));
      return Number(line?.slice(label.length) ?? 0);
    },
  };
  return shop;
}
