import { createHash } from 'node:crypto';
import type { PlatformOrder, Prepay, Refund, SandboxState, SimCard, DueEvent } from './state';

/** Who the merchant is to the simulated platforms, and the keys both sides hold. */
export interface Credentials {
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  appId: string;
  /** WeChat Pay's API v2 key, known to the platform and WeChat only. */
  payKey: string;
}

/** A list of the state with a way to find its items at once. */
interface Book<Item> {
  readonly all: readonly Item[];
  find(key: string): Item | undefined;
  add(item: Item): void;
}

/** What every part of the sandbox works on. */
export interface World {
  readonly state: SandboxState;
  readonly credentials: Credentials;
  readonly cards: Pick<Book<SimCard>, 'all' | 'find'>;
  readonly orders: Book<PlatformOrder>;
  readonly ordersByPlatformNumber: Pick<Book<PlatformOrder>, 'find'>;
  readonly prepays: Book<Prepay>;
  readonly refunds: Book<Refund>;
  /** How long a delivery takes when no fault says otherwise. */
  readonly deliverySeconds: number;
  /** Aborted when the sandbox closes. */
  readonly closing: AbortSignal;
  now(): number;
  schedule(event: DueEvent): void;
}

interface WorldOptions {
  state: SandboxState;
  deliverySeconds: number;
  closing: AbortSignal;
  now: () => number;
  schedule: (event: DueEvent) => void;
}

/** A text that depends on the seed and a purpose only. */
export function derive(seed: string, purpose: string): string {
  return createHash('sha256').update(`liuka sandbox\n${seed}\n${purpose}`).digest('hex');
}

function makeCredentials(seed: string): Credentials {
  return {
    clientId: `liuka-${derive(seed, 'client id').slice(0, 8)}`,
    clientSecret: derive(seed, 'client secret').slice(0, 40),
    subscriptionKey: derive(seed, 'subscription key').slice(0, 32),
    appId: `wx${derive(seed, 'app id').slice(0, 16)}`,
    payKey: derive(seed, 'pay key').slice(0, 32),
  };
}

function createBook<Item>(items: Item[], ...keysOf: ((item: Item) => string)[]): Book<Item> {
  const index = new Map<string, Item>();
  const remember = (item: Item) => {
    for (const keyOf of keysOf) index.set(keyOf(item), item);
  };
  items.forEach(remember);
  return {
    all: items,
    find: (key) => index.get(key),
    add(item) {
      items.push(item);
      remember(item);
    },
  };
}

export function createWorld({ state, ...rest }: WorldOptions): World {
  const byPlatformNumber = new Map(state.orders.map((order) => [order.orderNo, order]));
  const orders = createBook(state.orders, (order) => order.outTradeNo);
  return {
    ...rest,
    state,
    credentials: makeCredentials(state.seed),
    cards: createBook(
      state.cards,
      (card) => card.iccid,
      (card) => card.accessNumber,
    ),
    orders: {
      ...orders,
      add(order) {
        orders.add(order);
        byPlatformNumber.set(order.orderNo, order);
      },
    },
    ordersByPlatformNumber: { find: (orderNo) => byPlatformNumber.get(orderNo) },
    prepays: createBook(state.prepays, (prepay) => prepay.prepayId),
    refunds: createBook(state.refunds, (refund) => refund.outRefundNo),
  };
}
