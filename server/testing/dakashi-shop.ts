import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Card, Order, Package } from '@shared/contract';
import type { OrderState } from '@shared/order-state';
import type { Dialect } from '../store/store';
import type { ApiClient } from './api-client';
import { eventually, startStack, type Customer, type Stack } from './harness';
import type { DakashiState } from './sandbox-controls';
import { findCard, packagesFor, advanceUntilState, placeOrder, type Purchase } from './shopping';

/** Cards of two platforms, paid through WeChat Pay: 大卡师's packages are sold at the shop's own price. */
const AGENT = { CARDS: 'shingsou,dakashi', PAYMENT: 'wechatpay', LOGIN: 'wechat' } as const;

/** Serial numbers of 大卡师's cards in the sandbox. */
export const serials = {
  /** Online, with a package of this month, and with a number of the agent's own. */
  online: '87000001',
  /** Online as well; 旭宇 has a card of the same ICCID. */
  shared: '87000006',
} as const;

/** Packages of 大卡师 by their product numbers, with what they cost the shop in fen. */
export const dakashiPackages = {
  small: { id: '110100_1024', costFen: 300 },
  medium: { id: '110100_5120', costFen: 1_100 },
  large: { id: '110100_20480', costFen: 2_150 },
  addOn: { id: '110200_1024', costFen: 420 },
} as const;
export type DakashiPackage = keyof typeof dakashiPackages;

/** What the tests' shop takes for a package that costs it this much. */
export const priceOf = (costFen: number) => costFen * 2;

export interface DakashiShop {
  readonly stack: Stack;
  readonly supervisor: ApiClient;
  /** Of each test's own. */
  readonly customer: Customer;
  /** What somebody, the test's customer unless given, sees of a package for a card. */
  purchase(name: DakashiPackage, asked?: { serial?: string; by?: Customer }): Promise<Purchase>;
  /** An order that was paid at its sheet. */
  paidOrder(name: DakashiPackage, asked?: { serial?: string; by?: Customer }): Promise<Order>;
  pay(order: Order): Promise<void>;
  waitFor(
    order: Order,
    state: OrderState,
    asked?: { by?: Customer; stepMs?: number },
  ): Promise<Order>;
  setPrice(packageId: string, priceFen: number | null): Promise<void>;
  /** The recharges 大卡师 took on for a package, whatever became of them. */
  recharges(name: DakashiPackage, serial?: string): Promise<DakashiState['orders']>;
  /** How often a card got a package. */
  countOnCard(name: DakashiPackage, serial?: string): Promise<number>;
  /** The kinds of open alerts about an order, a platform or what else they are about. */
  alerts(subject: string): unknown[];
}

/** Longer than the BFF keeps what platforms told it of cards and shelves. */
const CACHE_LIFETIME_MS = 6 * 60_000;

interface ShopOptions {
  env?: Readonly<Record<string, string>>;
  store?: Dialect;
}

/** Opens a shop for the tests of one file. Faults and lost answers end with each test. */
export function openDakashiShop({ env = {}, ...options }: ShopOptions = {}): DakashiShop {
  let opened: Pick<DakashiShop, 'stack' | 'supervisor'> | undefined;
  let customer: Customer | undefined;

  function assertOpen<Part>(part: Part | undefined): Part {
    assert.ok(part, 'the shop is not open yet');
    return part;
  }

  beforeAll(async () => {
    const stack = await startStack({ env: { ...AGENT, ...env }, ...options });
    const supervisor = await stack.signInStaff('supervisor', 'supervisor');
    opened = { stack, supervisor };
    await setAllPrices(supervisor);
  });
  beforeEach(async () => {
    const { stack } = assertOpen(opened);
    customer = await stack.signIn(randomUUID());
    await waitForAnswers(stack, customer);
    stack.platformProxy.clearCalls();
  });
  afterEach(async () => {
    opened?.stack.platformProxy.restore();
    await opened?.stack.sandbox.faults();
  });
  afterAll(() => opened?.stack.close());

  const shop: DakashiShop = {
    get stack() {
      return assertOpen(opened).stack;
    },
    get supervisor() {
      return assertOpen(opened).supervisor;
    },
    get customer() {
      return assertOpen(customer);
    },
    purchase: async (name, { serial = serials.online, by = shop.customer } = {}) => {
      const card = await findCard(by, serial);
      return purchaseOf(card, await packagesFor(by, card.id), name);
    },
    paidOrder: async (name, asked = {}) => {
      const order = await placeOrder(asked.by ?? shop.customer, await shop.purchase(name, asked));
      await shop.pay(order);
      return order;
    },
    pay: async ({ payment }) => {
      expect(await shop.stack.sandbox.cashier(payment, 'pay')).toBe('requestPayment:ok');
    },
    waitFor: ({ id }, state, { by = shop.customer, stepMs = 4_000 } = {}) =>
      advanceUntilState(shop.stack, by, id, { state, stepMs }),
    setPrice: async (packageId, priceFen) => {
      const params = { platform: 'dakashi', packageId };
      const body = { priceFen };
      await shop.supervisor.ok('PUT /support/prices/:platform/:packageId', { params, body });
    },
    recharges: async (name, serial = serials.online) => {
      const { orders } = await shop.stack.sandbox.dakashiState();
      const { id } = dakashiPackages[name];
      return orders.filter(({ serialNo, productNo }) => serialNo === serial && productNo === id);
    },
    countOnCard: async (name, serial = serials.online) => {
      const { cards } = await shop.stack.sandbox.dakashiState();
      const { products = [] } = cards.find(({ serialNo }) => serialNo === serial) ?? {};
      return products.filter(({ productNo }) => productNo === dakashiPackages[name].id).length;
    },
    alerts: (subject) =>
      shop.stack
        .rows(
          'select kind from alerts where subject = ? and settled_at is null order by id',
          subject,
        )
        .map(({ kind }) => kind),
  };
  return shop;
}

/** A platform that failed in an earlier test is left alone for some seconds; nothing is kept from it. */
async function waitForAnswers(stack: Stack, customer: Customer): Promise<void> {
  await stack.advanceClock(CACHE_LIFETIME_MS);
  const { id: cardId } = await eventually('大卡师 answers', async () => {
    const { body } = await customer.send('GET /cards', { query: { number: serials.online } });
    return (body as { items?: Card[] }).items?.[0];
  });
  await eventually('its shelf is known', async () => {
    const { status } = await customer.send('GET /cards/:cardId/packages', { params: { cardId } });
    return status === 200;
  });
}

function purchaseOf(card: Card, packages: readonly Package[], name: DakashiPackage): Purchase {
  const offer = packages.find(({ id }) => id === dakashiPackages[name].id);
  assert.ok(offer, `${name} is not on the shelf`);
  return { card, offer, body: { cardId: card.id, packageId: offer.id, effective: 'now' } };
}

/** Looking at a card's shelf puts its packages into the book, where they wait for a price. */
async function setAllPrices(supervisor: ApiClient): Promise<void> {
  const query = { card: serials.online };
  const { items } = await supervisor.ok('GET /support/prices', { query });
  assert.ok(items.length > 0, 'there is nothing to price');
  for (const { platform, packageId, costFen } of items) {
    assert.ok(costFen !== null, `${packageId} has no cost`);
    const body = { priceFen: priceOf(costFen) };
    const params = { platform, packageId };
    await supervisor.ok('PUT /support/prices/:platform/:packageId', { params, body });
  }
}
