import { createHash } from 'node:crypto';
import {
  createBook,
  createGroups,
  createLookup,
  type Book,
  type Groups,
  type Lookup,
} from './books';
import type {
  DueEvent,
  LoginCode,
  Notification,
  Person,
  PlatformOrder,
  Prepay,
  Refund,
  SandboxState,
  SimCard,
  Trade,
  TradeRefund,
  Transaction,
} from './state';
import { makeMerchant, type Merchant } from './wechatpay/merchant';
import type { PayKeys } from './wechatpay/keys';

/** Who the merchant is to the simulated platforms, and the keys both sides hold. */
export interface Credentials extends Merchant {
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  appId: string;
  appSecret: string;
  /** WeChat Pay's API v2 key, known to 旭宇 and WeChat only. */
  payKey: string;
}

/** What the simulated platforms hold, each list with the ways its items are found. */
interface Holdings {
  readonly cards: Book<SimCard>;
  readonly people: Book<Person>;
  readonly peopleByOpenId: Lookup<Person>;
  readonly loginCodes: Lookup<LoginCode>;
  readonly orders: Book<PlatformOrder>;
  readonly ordersByPlatformNumber: Lookup<PlatformOrder>;
  readonly prepays: Book<Prepay>;
  readonly refunds: Book<Refund>;
  readonly refundsByOrder: Groups<Refund>;
  readonly trades: Book<Trade>;
  readonly transactions: Book<Transaction>;
  readonly transactionsByTrade: Groups<Transaction>;
  readonly tradeRefunds: Book<TradeRefund>;
  readonly tradeRefundsByTransaction: Groups<TradeRefund>;
  readonly notifications: Book<Notification>;
}

/** What every part of the sandbox works on. */
export interface World extends Holdings {
  readonly state: SandboxState;
  readonly credentials: Credentials;
  /** How long a delivery takes when no fault says otherwise. */
  readonly deliverySeconds: number;
  /** Aborted when the sandbox closes. */
  readonly closing: AbortSignal;
  /** Sandbox time, epoch ms. */
  now(): number;
  /** Real time, epoch ms: as `now` until somebody moves sandbox time. */
  realNow(): number;
  schedule(event: DueEvent): void;
  /** @throws Error before the sandbox listens. */
  payKeys(): PayKeys;
}

type WorldOptions = Pick<
  World,
  'state' | 'deliverySeconds' | 'closing' | 'now' | 'realNow' | 'schedule' | 'payKeys'
>;

/** A text that depends on the seed and a purpose only. */
export function derive(seed: string, purpose: string): string {
  return createHash('sha256').update(`liuka sandbox\n${seed}\n${purpose}`).digest('hex');
}

function makeCredentials(seed: string): Credentials {
  const part = (purpose: string, length: number) => derive(seed, purpose).slice(0, length);
  return {
    clientId: `liuka-${part('client id', 8)}`,
    clientSecret: part('client secret', 40),
    subscriptionKey: part('subscription key', 32),
    appId: `wx${part('app id', 16)}`,
    appSecret: part('app secret', 32),
    payKey: part('pay key', 32),
    ...makeMerchant((purpose) => derive(seed, purpose)),
  };
}

function hold(state: SandboxState): Holdings {
  const peopleByOpenId = createLookup<Person>(({ openId }) => openId);
  const ordersByPlatformNumber = createLookup<PlatformOrder>(({ orderNo }) => orderNo);
  const refundsByOrder = createGroups<Refund>(({ outTradeNo }) => outTradeNo);
  const transactionsByTrade = createGroups<Transaction>(({ outTradeNo }) => outTradeNo);
  const tradeRefundsByTransaction = createGroups<TradeRefund>(({ transactionId }) => transactionId);
  const loginCodes = createLookup<LoginCode>(({ code }) => code);
  for (const entry of state.loginCodes) if (!entry.used) loginCodes.note(entry);
  return {
    cards: createBook(
      state.cards,
      createLookup(
        (card) => card.iccid,
        (card) => card.accessNumber,
      ),
    ),
    people: createBook(
      state.people,
      createLookup(({ user }) => user),
      peopleByOpenId,
    ),
    peopleByOpenId,
    loginCodes,
    orders: createBook(
      state.orders,
      createLookup(({ outTradeNo }) => outTradeNo),
      ordersByPlatformNumber,
    ),
    ordersByPlatformNumber,
    prepays: createBook(
      state.prepays,
      createLookup(({ prepayId }) => prepayId),
    ),
    refunds: createBook(
      state.refunds,
      createLookup(({ outRefundNo }) => outRefundNo),
      refundsByOrder,
    ),
    refundsByOrder,
    trades: createBook(
      state.trades,
      createLookup(({ outTradeNo }) => outTradeNo),
    ),
    transactions: createBook(
      state.transactions,
      createLookup(({ transactionId }) => transactionId),
      transactionsByTrade,
    ),
    transactionsByTrade,
    tradeRefunds: createBook(
      state.tradeRefunds,
      createLookup(({ outRefundNo }) => outRefundNo),
      tradeRefundsByTransaction,
    ),
    tradeRefundsByTransaction,
    notifications: createBook(
      state.notifications,
      createLookup(({ id }) => id),
    ),
  };
}

export function createWorld(options: WorldOptions): World {
  const { state } = options;
  return { ...options, credentials: makeCredentials(state.seed), ...hold(state) };
}
