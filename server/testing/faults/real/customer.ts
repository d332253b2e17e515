import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiResponse, ContractKey, Order, Package, PaymentParameters } from '@shared/contract';
import { createApiClient, type UncheckedRequest } from '../../api-client';
import type { SandboxControls } from '../../sandbox-controls';
import type { Prng } from '../simulated/prng';
import type { BffEndpoint } from './bff-process';
import type { Observer } from './observer';

export interface CustomerParts {
  name: string;
  chance: Prng;
  sandbox: SandboxControls;
  /** Numbers of the cards they buy for. */
  cards: readonly [string, ...string[]];
  /** The door they try next. */
  pickBff: () => BffEndpoint;
  observer: Observer;
  isOver: () => boolean;
}

/** How often somebody tries what was not answered. */
const TRIES = 4;
/** How long they wait before they try again, in ms. */
const AGAIN_MS = 150;
/** How many orders somebody comes back to. */
const REMEMBERED = 12;

interface KnownOrder {
  order: Order;
  paymentRequests: PaymentParameters[];
}

interface Purchase {
  key: string;
  body: { cardId: string; packageId: string; effective: 'now' | 'nextMonth' };
}

/** What fetch throws where no whole answer came. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message);
}

/** Somebody with cards: what they do is chance, what they may do is the contract. */
export function createCustomer(parts: CustomerParts) {
  const { name, chance, sandbox, cards, pickBff, observer, isOver } = parts;
  const known: KnownOrder[] = [];
  let token: string | undefined;
  let lastPurchase: Purchase | undefined;
  const pause = (least: number, most: number) => sleep(chance.between(least, most));

  /** Calls the shop; undefined where it refused or nothing came back. */
  async function sendRequest<Key extends ContractKey>(
    key: Key,
    request: UncheckedRequest,
  ): Promise<ApiResponse<Key> | undefined> {
    const { origin, dispatcher } = pickBff();
    const address = { origin: () => origin, dispatcher: () => dispatcher };
    const client = createApiClient({ ...address, token, onResponse: () => undefined });
    try {
      const { status, body } = await client.send(key, request);
      observer.recordAnswer();
      if (status === 401) token = undefined;
      if (status === 503) observer.count('answered 503');
      // `send` has compared the body with the schema of this very route.
      return status < 400 ? (body as ApiResponse<Key>) : undefined;
    } catch (error) {
      if (!isNoAnswer(error)) observer.reportFailure(`${key}: ${String(error)}`);
      else await sleep(AGAIN_MS);
      return undefined;
    }
  }

  async function requestWithRetry<Key extends ContractKey>(key: Key, request: UncheckedRequest) {
    for (let tries = 0; tries < TRIES && !isOver(); tries += 1) {
      const answer = await sendRequest(key, request);
      if (answer !== undefined) return answer;
      await pause(20, AGAIN_MS);
    }
    return undefined;
  }

  async function signIn(): Promise<void> {
    const code = await sandbox.loginCode(name);
    const answer = await sendRequest('POST /sessions', { body: { code } });
    if (answer === undefined) await sleep(AGAIN_MS);
    else token = answer.token;
  }

  function rememberOrder(order: Order): void {
    const before = known.find((each) => each.order.id === order.id);
    if (before) before.order = order;
    else known.push({ order, paymentRequests: [] });
    if (known.length > REMEMBERED) known.shift();
    if (order.payment) addPaymentRequest(order.id, order.payment);
  }

  function addPaymentRequest(orderId: string, paymentRequest: PaymentParameters): void {
    known.find(({ order }) => order.id === orderId)?.paymentRequests.push(paymentRequest);
  }

  async function choosePackage(): Promise<Purchase | undefined> {
    const found = await requestWithRetry('GET /cards', { query: { number: chance.pick(cards) } });
    const cardId = found?.items[0]?.id;
    if (cardId === undefined) return undefined;
    const sale = await requestWithRetry('GET /cards/:cardId/packages', { params: { cardId } });
    const offers = sale?.categories.flatMap(({ packages }) => packages) ?? [];
    const [first, ...others] = offers.filter(({ canBuy }) => canBuy);
    if (!first) return undefined;
    const offer = chance.pick([first, ...others]);
    return {
      key: randomUUID(),
      body: { cardId, packageId: offer.id, effective: drawStart(offer) },
    };
  }

  function drawStart({ effective }: Package): 'now' | 'nextMonth' {
    const [first, ...others] = effective.map(({ when }) => when);
    return first === undefined ? 'now' : chance.pick([first, ...others]);
  }

  async function placeOrder(
    purchase: Purchase,
    { withRetry }: { withRetry: boolean },
  ): Promise<Order | undefined> {
    const request = { headers: { 'idempotency-key': purchase.key }, body: purchase.body };
    const order = await (withRetry ? requestWithRetry : sendRequest)('POST /orders', request);
    if (!order) return undefined;
    observer.recordOrder(order, purchase.key);
    rememberOrder(order);
    return order;
  }

  async function buy(): Promise<void> {
    const purchase = await choosePackage();
    if (!purchase) return;
    lastPurchase = purchase;
    if (chance.chance(0.15)) {
      observer.count('tapped twice');
      await Promise.all([1, 2].map(() => placeOrder(purchase, { withRetry: true })));
    } else {
      await placeOrder(purchase, { withRetry: chance.chance(0.7) });
    }
    await actions[chance.weighted(weightsAfterOrdering)]();
  }

  /** The same request again, as when an answer was lost. */
  async function retry(): Promise<void> {
    if (lastPurchase) await placeOrder(lastPurchase, { withRetry: true });
  }

  async function pay({ order, paymentRequests }: KnownOrder, which = -1): Promise<void> {
    const paymentRequest = paymentRequests.at(which);
    if (!paymentRequest) return;
    const answer = await sandbox.cashier(paymentRequest, 'pay');
    if (answer === 'requestPayment:ok') observer.count('paid');
    if (chance.chance(0.8)) await pollOrder(order.id);
  }

  async function pollOrder(orderId: string): Promise<void> {
    const looks = chance.between(1, 4);
    for (let count = 0; count < looks && !isOver(); count += 1) {
      const order = await sendRequest('GET /orders/:orderId', { params: { orderId } });
      if (order) observer.recordShownOrder(order);
      await pause(20, 250);
    }
  }

  async function requestPaymentAgain({ order }: KnownOrder): Promise<void> {
    const answer = await requestWithRetry('POST /orders/:orderId/payment', {
      params: { orderId: order.id },
    });
    if (answer) addPaymentRequest(order.id, answer.payment);
  }

  async function cancel({ order }: KnownOrder): Promise<void> {
    const params = { orderId: order.id };
    const answer = await requestWithRetry('POST /orders/:orderId/cancel', { params });
    if (answer) observer.recordShownOrder(answer);
  }

  /** Does something with the order made last, or with any. */
  const withLastOrder = (act: (it: KnownOrder) => Promise<void>) => () =>
    withOrder(known.at(-1), act);
  const withAnyOrder = (act: (it: KnownOrder) => Promise<void>) => () =>
    withOrder(known[chance.between(0, known.length - 1)], act);

  async function withOrder(it: KnownOrder | undefined, act: (it: KnownOrder) => Promise<void>) {
    if (it) await act(it);
  }

  const actions = {
    pay: withLastOrder((it) => pay(it)),
    payTwice: withLastOrder(async (it) => {
      await requestPaymentAgain(it);
      observer.count('paid on two sheets');
      await Promise.all([pay(it), pay(it, 0)]);
    }),
    payAndCancel: withLastOrder(async (it) => {
      observer.count('paid and cancelled at once');
      await Promise.all([pay(it), cancel(it)]);
    }),
    dismissPayment: withLastOrder(async ({ paymentRequests }) => {
      const paymentRequest = paymentRequests.at(-1);
      if (paymentRequest) await sandbox.cashier(paymentRequest, 'cancel');
    }),
    cancel: withLastOrder(cancel),
    payLate: withAnyOrder(async (it) => {
      observer.count('paid on an old sheet');
      await pay(it, 0);
    }),
    resumePayment: withAnyOrder(async (it) => {
      await requestPaymentAgain(it);
      await pay(it);
    }),
    look: withAnyOrder(({ order }) => pollOrder(order.id)),
    leave: () => pause(100, 400),
    buy,
    retry,
    listOrders,
  };
  const weightsAfterOrdering = {
    pay: 8,
    payTwice: 1,
    payAndCancel: 1,
    dismissPayment: 1,
    cancel: 1,
    leave: 2,
  } satisfies Partial<Record<keyof typeof actions, number>>;
  const actionWeights = {
    buy: 6,
    retry: 1,
    payLate: 1,
    resumePayment: 1,
    look: 2,
    listOrders: 1,
    cancel: 0.5,
  } satisfies Partial<Record<keyof typeof actions, number>>;

  async function listOrders(): Promise<void> {
    const page = await sendRequest('GET /orders', { query: { limit: 20 } });
    for (const order of page?.items ?? []) {
      observer.recordShownOrder(order);
      rememberOrder(order);
    }
  }

  /** Comes and goes until it is over. */
  return async function run(): Promise<void> {
    while (!isOver()) {
      if (token === undefined) await signIn();
      else await actions[chance.weighted(actionWeights)]();
      await pause(20, 200);
    }
  };
}
