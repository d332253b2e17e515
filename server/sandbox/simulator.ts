import { createHash } from 'node:crypto';
import {
  createIndexedList,
  createGroupIndex,
  createKeyIndex,
  type IndexedList,
  type GroupIndex,
  type KeyIndex,
} from './indexed-list';
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

/** The merchant's credentials with the simulated platforms. */
interface Credentials extends Merchant {
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  appId: string;
  appSecret: string;
  /** WeChat Pay's API v2 key, known to 旭宇 and WeChat only. */
  payKey: string;
}

/** The lists of the state, with their indexes. */
interface Collections {
  readonly cards: IndexedList<SimCard>;
  readonly people: IndexedList<Person>;
  readonly peopleByOpenId: KeyIndex<Person>;
  readonly loginCodes: KeyIndex<LoginCode>;
  readonly orders: IndexedList<PlatformOrder>;
  readonly ordersByPlatformNumber: KeyIndex<PlatformOrder>;
  readonly prepays: IndexedList<Prepay>;
  readonly refunds: IndexedList<Refund>;
  readonly refundsByOrder: GroupIndex<Refund>;
  readonly trades: IndexedList<Trade>;
  readonly transactions: IndexedList<Transaction>;
  readonly transactionsByTrade: GroupIndex<Transaction>;
  readonly tradeRefunds: IndexedList<TradeRefund>;
  readonly tradeRefundsByTransaction: GroupIndex<TradeRefund>;
  readonly notifications: IndexedList<Notification>;
}

/** What all parts of the sandbox share. */
export interface Simulator extends Collections {
  readonly state: SandboxState;
  readonly credentials: Credentials;
  /** How long a delivery takes without a fault. */
  readonly deliverySeconds: number;
  /** Aborted when the sandbox closes. */
  readonly closing: AbortSignal;
  /** Sandbox time, epoch ms. */
  now(): number;
  /** Real time, epoch ms: the same as `now` until sandbox time is moved. */
  realNow(): number;
  schedule(event: DueEvent): void;
  /** @throws Error before the sandbox listens */
  payKeys(): PayKeys;
}

type SimulatorOptions = Pick<
  Simulator,
  'state' | 'deliverySeconds' | 'closing' | 'now' | 'realNow' | 'schedule' | 'payKeys'
>;

/** Derives a value (64 hex digits) from the seed and a purpose. */
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

function createCollections(state: SandboxState): Collections {
  const peopleByOpenId = createKeyIndex<Person>(({ openId }) => openId);
  const ordersByPlatformNumber = createKeyIndex<PlatformOrder>(({ orderNo }) => orderNo);
  const refundsByOrder = createGroupIndex<Refund>(({ outTradeNo }) => outTradeNo);
  const transactionsByTrade = createGroupIndex<Transaction>(({ outTradeNo }) => outTradeNo);
  const tradeRefundsByTransaction = createGroupIndex<TradeRefund>(
    ({ transactionId }) => transactionId,
  );
  const loginCodes = createKeyIndex<LoginCode>(({ code }) => code);
  for (const entry of state.loginCodes) if (!entry.used) loginCodes.add(entry);
  return {
    cards: createIndexedList(
      state.cards,
      createKeyIndex(
        (card) => card.iccid,
        (card) => card.accessNumber,
      ),
    ),
    people: createIndexedList(
      state.people,
      createKeyIndex(({ user }) => user),
      peopleByOpenId,
    ),
    peopleByOpenId,
    loginCodes,
    orders: createIndexedList(
      state.orders,
      createKeyIndex(({ outTradeNo }) => outTradeNo),
      ordersByPlatformNumber,
    ),
    ordersByPlatformNumber,
    prepays: createIndexedList(
      state.prepays,
      createKeyIndex(({ prepayId }) => prepayId),
    ),
    refunds: createIndexedList(
      state.refunds,
      createKeyIndex(({ outRefundNo }) => outRefundNo),
      refundsByOrder,
    ),
    refundsByOrder,
    trades: createIndexedList(
      state.trades,
      createKeyIndex(({ outTradeNo }) => outTradeNo),
    ),
    transactions: createIndexedList(
      state.transactions,
      createKeyIndex(({ transactionId }) => transactionId),
      transactionsByTrade,
    ),
    transactionsByTrade,
    tradeRefunds: createIndexedList(
      state.tradeRefunds,
      createKeyIndex(({ outRefundNo }) => outRefundNo),
      tradeRefundsByTransaction,
    ),
    tradeRefundsByTransaction,
    notifications: createIndexedList(
      state.notifications,
      createKeyIndex(({ id }) => id),
    ),
  };
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { state } = options;
  return { ...options, credentials: makeCredentials(state.seed), ...createCollections(state) };
}
