import assert from 'node:assert/strict';
import type { Card, Order, Package } from '@shared/contract';
import type { OrderState } from '@shared/order-state';
import type { ApiClient } from './api-client';
import { eventually, type Customer, type Stack } from './harness';
import { lateBound } from './late-bound';
import type { DakashiState } from './sandbox-controls';
import { findCard, packagesFor, advanceUntilState, placeOrder, type Purchase } from './shopping';
import type { ShopOptions } from './shop';
import { openAlertKinds, openShop, payOnSheet } from './shop';

/**
 * Settings of a shop with cards of two platforms, where 大卡师's packages are sold at the merchant's own prices.
 */
const env = { CARDS: 'shingsou,dakashi' };

/** Serial numbers of 大卡师's cards in the sandbox. */
export const serials = {
  /** Online, with a package of this month, and with a custom number. */
  online: '87000001',
  /** Online as well; 旭宇 has a card with the same ICCID. */
  shared: '87000006',
} as const;

/** Packages of 大卡师 by their product numbers, with their cost in fen. */
export const dakashiPackages = {
  small: { id: '110100_1024', costFen: 300 },
  medium: { id: '110100_5120', costFen: 1_100 },
  large: { id: '110100_20480', costFen: 2_150 },
  addOn: { id: '110200_1024', costFen: 420 },
} as const;
export type DakashiPackage = keyof typeof dakashiPackages;

/** The price of a package with this cost in the tests' shop, in fen. */
export const priceOf = (costFen: number) => costFen * 2;

interface PurchaseOptions {
  serial?: string;
  /** The customer; the test's own unless given. */
  by?: Customer;
}

export interface DakashiShop {
  readonly stack: Stack;
  readonly supervisor: ApiClient;
  /** Another one in each test. */
  readonly customer: Customer;
  /** Looks a card up and chooses a package for it. */
  purchase(name: DakashiPackage, options?: PurchaseOptions): Promise<Purchase>;
  /** Places an order and pays it on its payment sheet. */
  paidOrder(name: DakashiPackage, options?: PurchaseOptions): Promise<Order>;
  pay(order: Order): Promise<void>;
  /** Advances the clock until an order is in a state, without querying the platforms. */
  waitFor(
    order: Order,
    state: OrderState,
    options?: { by?: Customer; stepMs?: number },
  ): Promise<Order>;
  setPrice(packageId: string, priceFen: number | null): Promise<void>;
  /** The recharges of a package that 大卡师 accepted, in any state. */
  recharges(name: DakashiPackage, serial?: string): Promise<DakashiState['orders']>;
  /** How many packages of this kind are on a card. */
  countOnCard(name: DakashiPackage, serial?: string): Promise<number>;
  /** The kinds of open alerts about a subject, such as the id of an order or the name of a platform. */
  alerts(subject: string): unknown[];
}

/** Longer than the BFF caches reports and catalogues. */
const CACHE_LIFETIME_MS = 6 * 60_000;

/** Opens a shop that sells packages of 大卡师, for the tests of one file. */
export function openDakashiShop({ store }: Pick<ShopOptions, 'store'> = {}): DakashiShop {
  const { stack, customer } = openShop({
    channel: 'wechatpay',
    env,
    preparesPurchase: false,
    ...(store && { store }),
  });
  let currentSupervisor: ApiClient | undefined;
  const supervisor = lateBound(() => {
    assert.ok(currentSupervisor, 'the shop is not open yet');
    return currentSupervisor;
  });

  beforeAll(async () => {
    currentSupervisor = await stack.signInStaff('supervisor', 'supervisor');
    await setAllPrices(supervisor);
  });
  beforeEach(async () => {
    await waitForDakashi(stack, customer);
    stack.platformProxy.clearCalls();
  });

  async function purchase(
    name: DakashiPackage,
    { serial = serials.online, by = customer }: PurchaseOptions = {},
  ): Promise<Purchase> {
    const card = await findCard(by, serial);
    return choosePackage(card, await packagesFor(by, card.id), name);
  }

  return {
    stack,
    supervisor,
    customer,
    purchase,
    paidOrder: async (name, options = {}) => {
      const order = await placeOrder(options.by ?? customer, await purchase(name, options));
      await payOnSheet(stack, order);
      return order;
    },
    pay: (order) => payOnSheet(stack, order),
    waitFor: ({ id }, state, { by = customer, stepMs = 4_000 } = {}) =>
      advanceUntilState(stack, by, id, { state, stepMs }),
    setPrice: async (packageId, priceFen) => {
      const params = { platform: 'dakashi', packageId };
      const body = { priceFen };
      await supervisor.ok('PUT /support/prices/:platform/:packageId', { params, body });
    },
    recharges: async (name, serial = serials.online) => {
      const { orders } = await stack.sandbox.dakashiState();
      const { id } = dakashiPackages[name];
      return orders.filter(({ serialNo, productNo }) => serialNo === serial && productNo === id);
    },
    countOnCard: async (name, serial = serials.online) => {
      const { cards } = await stack.sandbox.dakashiState();
      const { products = [] } = cards.find(({ serialNo }) => serialNo === serial) ?? {};
      return products.filter(({ productNo }) => productNo === dakashiPackages[name].id).length;
    },
    alerts: (subject) => openAlertKinds(stack, subject),
  };
}

/** Waits until 大卡师 answers: after failures in an earlier test, the BFF does not call it for some seconds. */
async function waitForDakashi(stack: Stack, customer: Customer): Promise<void> {
  await stack.advanceClock(CACHE_LIFETIME_MS);
  const { id: cardId } = await eventually('大卡师 answers', async () => {
    const { body } = await customer.send('GET /cards', { query: { number: serials.online } });
    return (body as { items?: Card[] }).items?.[0];
  });
  await eventually('its packages can be listed', async () => {
    const { status } = await customer.send('GET /cards/:cardId/packages', { params: { cardId } });
    return status === 200;
  });
}

function choosePackage(card: Card, packages: readonly Package[], name: DakashiPackage): Purchase {
  const offer = packages.find(({ id }) => id === dakashiPackages[name].id);
  assert.ok(offer, `${name} is not on sale`);
  return { card, offer, body: { cardId: card.id, packageId: offer.id, effective: 'now' } };
}

/** Listing the prices of a card adds its packages to the price book, without a price. */
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
