import type { Order, PaymentParameters } from '@shared/contract';
import type { UserAuth } from '../../../contract/caller';
import { type ClientParts, createClient, emptyRequest } from './client';
import type { Channel, PaymentAnomaly } from './channel';
import { packageIds } from './card-provider';
import type { Prng } from './prng';
import type { Timeline } from './timeline';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Records what customers were told. */
interface Observer {
  recordOrder: (order: Order) => void;
  recordShownOrder: (order: Order) => void;
}

export interface CustomerParts extends ClientParts {
  auth: UserAuth;
  cards: readonly [string, ...string[]];
  timeline: Timeline;
  prng: Prng;
  channels: readonly Channel[];
  observer: Observer;
  hasPaymentAnomalies: boolean;
  /** When customers stop, epoch ms. */
  until: number;
  count: (what: 'oddPayment' | 'doubleTap' | 'latePayment' | 'abandoned') => void;
}

interface KnownOrder {
  id: string;
  number: string;
  amountFen: number;
  paymentRequests: PaymentParameters[];
  /** Whether the payment sheet reported success. */
  paid: boolean;
}

/** A customer with a card, who does random things that the contract allows. */
export function createCustomer(parts: CustomerParts) {
  const { name, auth, cards, timeline, prng, trace, channels, observer } = parts;
  const request = createClient(parts);
  const known = new Map<string, KnownOrder>();
  const requestBase = { ...emptyRequest, auth, requestId: name };
  const pause = (least: number, most: number) => timeline.sleep(prng.between(least, most));
  let lastPurchase:
    { key: string; body: { cardId: string; packageId: string } & Effective } | undefined;
  let keys = 0;

  function remember(order: Order): KnownOrder {
    const { id, number, amountFen } = order;
    const before = known.get(id) ?? { id, number, amountFen, paymentRequests: [], paid: false };
    if (order.payment) before.paymentRequests.push(order.payment);
    known.set(id, before);
    return before;
  }

  function pickOrder(): KnownOrder | undefined {
    const all = [...known.values()];
    return all[prng.between(0, all.length - 1)];
  }

  async function viewPackages(): Promise<void> {
    const params = { cardId: prng.pick(cards) };
    await request('looks at the packages', (handlers) =>
      handlers['GET /cards/:cardId/packages']({ ...requestBase, params }),
    );
  }

  async function placeOrder(purchase: NonNullable<typeof lastPurchase>): Promise<void> {
    const { key, body } = purchase;
    const what = `orders ${body.packageId} for ${body.effective} under ${key}`;
    const headers = { 'idempotency-key': key };
    const reply = await request(what, (handlers) =>
      handlers['POST /orders']({ ...requestBase, headers, body }),
    );
    if (reply?.outcome !== 'ok') return checkAfterFailure();
    remember(reply.value.body);
    observer.recordOrder(reply.value.body);
  }

  /** After a failed order, some customers look at their orders, and some of those cancel. */
  async function checkAfterFailure(): Promise<void> {
    if (prng.chance(0.4)) return;
    await listOrders();
    if (prng.chance(0.7)) await cancel();
  }

  async function buy(): Promise<void> {
    keys += 1;
    const packageId = prng.pick(packageIds);
    const effective = prng.chance(0.8) ? ('now' as const) : ('nextMonth' as const);
    const body = { cardId: prng.pick(cards), packageId, effective };
    lastPurchase = { key: `${name}-key-${String(keys)}`.padEnd(16, '-'), body };
    await placeOrder(lastPurchase);
  }

  async function retryPurchase(): Promise<void> {
    if (lastPurchase) await placeOrder(lastPurchase);
  }

  async function doubleTap(): Promise<void> {
    parts.count('doubleTap');
    await Promise.all([buy(), pause(0, 300).then(retryPurchase)]);
  }

  async function requestPaymentAgain(): Promise<void> {
    const order = pickOrder();
    if (!order) return;
    const params = { orderId: order.id };
    const reply = await request(`requests payment parameters for ${order.number}`, (handlers) =>
      handlers['POST /orders/:orderId/payment']({ ...requestBase, params }),
    );
    if (reply?.outcome === 'ok') order.paymentRequests.push(reply.value.body.payment);
  }

  function drawAnomaly(order: KnownOrder): PaymentAnomaly {
    if (!parts.hasPaymentAnomalies || prng.chance(0.6)) return {};
    parts.count('oddPayment');
    return prng.pick<PaymentAnomaly>([
      { acceptsDuplicate: true },
      { acceptsDuplicate: true },
      { amount: order.amountFen + prng.pick([-100, 100]) },
      { openid: 'a-friend' },
    ]);
  }

  async function payWith(order: KnownOrder, paymentRequest: PaymentParameters): Promise<void> {
    const anomaly = drawAnomaly(order);
    await pause(SECOND, 8 * SECOND);
    const prepayId = paymentRequest.package.replace('prepay_id=', '');
    const paid = channels.map((channel) => channel.pay(prepayId, anomaly)).find(Boolean);
    order.paid ||= paid !== undefined;
    const done = paid ? `took ¥${(paid.amount / 100).toFixed(2)}` : 'refused';
    trace(() => `${name} pays ${order.number} ${JSON.stringify(anomaly)}: the channel ${done}`);
  }

  async function pay(): Promise<void> {
    const waiting = [...known.values()].filter(({ paid }) => !paid);
    const order = prng.chance(0.85) ? waiting.at(-1) : pickOrder();
    const paymentRequest = order?.paymentRequests.at(-1);
    if (order && paymentRequest) await payWith(order, paymentRequest);
  }

  async function payLate(): Promise<void> {
    parts.count('latePayment');
    await pause(20 * MINUTE, 40 * MINUTE);
    await pay();
  }

  async function payTwice(): Promise<void> {
    const order = pickOrder();
    if (!order) return;
    const [first, second = first] = order.paymentRequests.slice(-2);
    if (first && second) await Promise.all([payWith(order, first), payWith(order, second)]);
  }

  async function cancel(order = pickOrder()): Promise<void> {
    if (!order) return;
    const params = { orderId: order.id };
    const reply = await request(`cancels ${order.number}`, (handlers) =>
      handlers['POST /orders/:orderId/cancel']({ ...requestBase, params }),
    );
    if (reply?.outcome === 'ok') observer.recordShownOrder(reply.value.body);
  }

  async function viewOrder(): Promise<void> {
    const order = pickOrder();
    if (!order) return;
    const params = { orderId: order.id };
    const reply = await request(`looks at ${order.number}`, (handlers) =>
      handlers['GET /orders/:orderId']({ ...requestBase, params }),
    );
    if (reply?.outcome === 'ok') observer.recordShownOrder(reply.value.body);
  }

  async function listOrders(): Promise<void> {
    const reply = await request('looks at all orders', (handlers) =>
      handlers['GET /orders']({ ...requestBase, query: { limit: 20 } }),
    );
    if (reply?.outcome !== 'ok') return;
    for (const order of reply.value.body.items) {
      remember(order);
      observer.recordShownOrder(order);
    }
  }

  const actions = {
    viewPackages,
    retryPurchase,
    doubleTap,
    requestPaymentAgain,
    pay,
    payLate,
    payTwice,
    viewOrder,
    listOrders,
    cancel: () => cancel(),
    leave: () => pause(30 * SECOND, 4 * MINUTE),
  };
  const actionWeights = {
    viewPackages: 1,
    retryPurchase: 2,
    doubleTap: 1,
    requestPaymentAgain: 2,
    pay: 7,
    payLate: 0.15,
    payTwice: 1,
    viewOrder: 3,
    listOrders: 1,
    cancel: 1.5,
    leave: 1,
  } satisfies Record<keyof typeof actions, number>;

  /** Most customers cancel what they did not pay; some just leave. */
  async function cancelUnpaid(): Promise<void> {
    for (const order of known.values()) {
      if (order.paid) continue;
      if (prng.chance(0.93)) await cancel(order);
      else parts.count('abandoned');
    }
  }

  return async function run(): Promise<void> {
    await pause(0, 30 * SECOND);
    const most = prng.between(2, 7);
    await buy();
    for (let count = 0; count < most && timeline.now() < parts.until; count += 1) {
      await actions[prng.weighted(actionWeights)]();
      await pause(100, prng.pick([2 * SECOND, 10 * SECOND]));
      if (prng.chance(0.1) && timeline.now() < parts.until) await buy();
    }
    await cancelUnpaid();
  };
}

type Effective = { effective: 'now' | 'nextMonth' };
