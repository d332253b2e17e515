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
  prng: Prng;
  sandbox: SandboxControls;
  /** The numbers of the cards they buy packages for. */
  cards: readonly [string, ...string[]];
  /** Picks the BFF of the next request. */
  pickBff: () => BffEndpoint;
  observer: Observer;
  isOver: () => boolean;
}

/** How often a request without a response is sent. */
const MAX_ATTEMPTS = 4;
/** The delay before a retry, in ms. */
const RETRY_DELAY_MS = 150;
/** How many orders a customer remembers. */
const MAX_KNOWN_ORDERS = 12;

interface KnownOrder {
  order: Order;
  paymentRequests: PaymentParameters[];
}

interface Purchase {
  key: string;
  body: { cardId: string; packageId: string; effective: 'now' | 'nextMonth' };
}

/** Whether fetch got no complete response. */
function isConnectionLost(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message);
}

/** A customer with several cards, who does random things that the contract allows. */
export function createCustomer(parts: CustomerParts) {
  const { name, prng, sandbox, cards, pickBff, observer, isOver } = parts;
  const known: KnownOrder[] = [];
  let token: string | undefined;
  let lastPurchase: Purchase | undefined;
  const pause = (least: number, most: number) => sleep(prng.between(least, most));

  /** Sends a request to a BFF; undefined where it was refused or not answered. */
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
      // `send` has checked the body against the schema of this route.
      return status < 400 ? (body as ApiResponse<Key>) : undefined;
    } catch (error) {
      if (!isConnectionLost(error)) observer.reportFailure(`${key}: ${String(error)}`);
      else await sleep(RETRY_DELAY_MS);
      return undefined;
    }
  }

  async function requestWithRetry<Key extends ContractKey>(key: Key, request: UncheckedRequest) {
    for (let tries = 0; tries < MAX_ATTEMPTS && !isOver(); tries += 1) {
      const answer = await sendRequest(key, request);
      if (answer !== undefined) return answer;
      await pause(20, RETRY_DELAY_MS);
    }
    return undefined;
  }

  async function signIn(): Promise<void> {
    const code = await sandbox.loginCode(name);
    const answer = await sendRequest('POST /sessions', { body: { code } });
    if (answer === undefined) await sleep(RETRY_DELAY_MS);
    else token = answer.token;
  }

  function rememberOrder(order: Order): void {
    const before = known.find((each) => each.order.id === order.id);
    if (before) before.order = order;
    else known.push({ order, paymentRequests: [] });
    if (known.length > MAX_KNOWN_ORDERS) known.shift();
    if (order.payment) addPaymentRequest(order.id, order.payment);
  }

  function addPaymentRequest(orderId: string, paymentRequest: PaymentParameters): void {
    known.find(({ order }) => order.id === orderId)?.paymentRequests.push(paymentRequest);
  }

  async function choosePackage(): Promise<Purchase | undefined> {
    const found = await requestWithRetry('GET /cards', { query: { number: prng.pick(cards) } });
    const cardId = found?.items[0]?.id;
    if (cardId === undefined) return undefined;
    const sale = await requestWithRetry('GET /cards/:cardId/packages', { params: { cardId } });
    const offers = sale?.categories.flatMap(({ packages }) => packages) ?? [];
    const [first, ...others] = offers.filter(({ canBuy }) => canBuy);
    if (!first) return undefined;
    const offer = prng.pick([first, ...others]);
    return {
      key: randomUUID(),
      body: { cardId, packageId: offer.id, effective: drawStart(offer) },
    };
  }

  function drawStart({ effective }: Package): 'now' | 'nextMonth' {
    const [first, ...others] = effective.map(({ when }) => when);
    return first === undefined ? 'now' : prng.pick([first, ...others]);
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
    if (prng.chance(0.15)) {
      observer.count('tapped twice');
      await Promise.all([1, 2].map(() => placeOrder(purchase, { withRetry: true })));
    } else {
      await placeOrder(purchase, { withRetry: prng.chance(0.7) });
    }
    await actions[prng.weighted(weightsAfterOrdering)]();
  }

  /** Repeats the last order with its idempotency key, as after a lost response. */
  async function retry(): Promise<void> {
    if (lastPurchase) await placeOrder(lastPurchase, { withRetry: true });
  }

  async function pay({ order, paymentRequests }: KnownOrder, which = -1): Promise<void> {
    const paymentRequest = paymentRequests.at(which);
    if (!paymentRequest) return;
    const answer = await sandbox.cashier(paymentRequest, 'pay');
    if (answer === 'requestPayment:ok') observer.count('paid');
    if (prng.chance(0.8)) await pollOrder(order.id);
  }

  async function pollOrder(orderId: string): Promise<void> {
    const polls = prng.between(1, 4);
    for (let count = 0; count < polls && !isOver(); count += 1) {
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

  /** Wraps an action on the last order, or on any known one. */
  const withLastOrder = (act: (it: KnownOrder) => Promise<void>) => () =>
    withOrder(known.at(-1), act);
  const withAnyOrder = (act: (it: KnownOrder) => Promise<void>) => () =>
    withOrder(known[prng.between(0, known.length - 1)], act);

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
    viewOrder: withAnyOrder(({ order }) => pollOrder(order.id)),
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
    viewOrder: 2,
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

  /** Acts until `isOver`. */
  return async function run(): Promise<void> {
    while (!isOver()) {
      if (token === undefined) await signIn();
      else await actions[prng.weighted(actionWeights)]();
      await pause(20, 200);
    }
  };
}
