import type { Order, PaymentParameters } from '@shared/contract';
import type { UserAuth } from '../../accounts/session-service';
import type { CallerParts } from './caller';
import { bareRequest, createCaller } from './caller';
import type { Channel, PaymentTwist } from './channel';
import { packageIds } from './card-provider';
import type { Prng } from './prng';
import type { Timeline } from './timeline';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What people are told that they may rely upon. */
export interface Witness {
  ordered: (order: Order) => void;
  shown: (order: Order) => void;
}

export interface PersonParts extends CallerParts {
  auth: UserAuth;
  cards: readonly [string, ...string[]];
  timeline: Timeline;
  chance: Prng;
  channels: readonly Channel[];
  witness: Witness;
  oddMoney: boolean;
  /** When nobody begins anything any more, epoch ms. */
  until: number;
  count: (what: 'oddPayment' | 'doubleTap' | 'latePayment' | 'abandoned') => void;
}

interface Known {
  id: string;
  number: string;
  amountFen: number;
  sheets: PaymentParameters[];
  /** Their phone said that they paid. */
  paid: boolean;
}

/** Somebody with a card: what they do is chance, what they may do is the contract. */
export function createPerson(parts: PersonParts) {
  const { name, auth, cards, timeline, chance, trace, channels, witness } = parts;
  const ask = createCaller(parts);
  const known = new Map<string, Known>();
  const asking = { ...bareRequest, auth, requestId: name };
  const pause = (least: number, most: number) => timeline.sleep(chance.between(least, most));
  let lastWish:
    { key: string; body: { cardId: string; packageId: string } & Effective } | undefined;
  let keys = 0;

  function remember(order: Order): Known {
    const { id, number, amountFen } = order;
    const before = known.get(id) ?? { id, number, amountFen, sheets: [], paid: false };
    if (order.payment) before.sheets.push(order.payment);
    known.set(id, before);
    return before;
  }

  function anyOrder(): Known | undefined {
    const all = [...known.values()];
    return all[chance.between(0, all.length - 1)];
  }

  async function lookUp(): Promise<void> {
    const params = { cardId: chance.pick(cards) };
    await ask('looks at the packages', (handlers) =>
      handlers['GET /cards/:cardId/packages']({ ...asking, params }),
    );
  }

  async function place(wish: NonNullable<typeof lastWish>): Promise<void> {
    const { key, body } = wish;
    const what = `orders ${body.packageId} for ${body.effective} under ${key}`;
    const headers = { 'idempotency-key': key };
    const reply = await ask(what, (handlers) =>
      handlers['POST /orders']({ ...asking, headers, body }),
    );
    if (reply?.outcome !== 'ok') return lookForIt();
    remember(reply.value.body);
    witness.ordered(reply.value.body);
  }

  /** Something went wrong: was it ordered? Some look, and some of those think better of it. */
  async function lookForIt(): Promise<void> {
    if (chance.chance(0.4)) return;
    await comeBack();
    if (chance.chance(0.7)) await cancel();
  }

  async function buy(): Promise<void> {
    keys += 1;
    const packageId = chance.pick(packageIds);
    const effective = chance.chance(0.8) ? ('now' as const) : ('nextMonth' as const);
    const body = { cardId: chance.pick(cards), packageId, effective };
    lastWish = { key: `${name}-key-${String(keys)}`.padEnd(16, '-'), body };
    await place(lastWish);
  }

  async function buyAgain(): Promise<void> {
    if (lastWish) await place(lastWish);
  }

  async function doubleTap(): Promise<void> {
    parts.count('doubleTap');
    await Promise.all([buy(), pause(0, 300).then(buyAgain)]);
  }

  async function askSheet(): Promise<void> {
    const order = anyOrder();
    if (!order) return;
    const params = { orderId: order.id };
    const reply = await ask(`asks for a sheet for ${order.number}`, (handlers) =>
      handlers['POST /orders/:orderId/payment']({ ...asking, params }),
    );
    if (reply?.outcome === 'ok') order.sheets.push(reply.value.body.payment);
  }

  function drawTwist(order: Known): PaymentTwist {
    if (!parts.oddMoney || chance.chance(0.6)) return {};
    parts.count('oddPayment');
    return chance.pick<PaymentTwist>([
      { stubborn: true },
      { stubborn: true },
      { amount: order.amountFen + chance.pick([-100, 100]) },
      { openid: 'a-friend' },
    ]);
  }

  async function payAt(order: Known, sheet: PaymentParameters): Promise<void> {
    const twist = drawTwist(order);
    await pause(SECOND, 8 * SECOND);
    const prepayId = sheet.package.replace('prepay_id=', '');
    const paid = channels.map((channel) => channel.pay(prepayId, twist)).find(Boolean);
    order.paid ||= paid !== undefined;
    const done = paid ? `took ¥${(paid.amount / 100).toFixed(2)}` : 'refused';
    trace(() => `${name} pays ${order.number} ${JSON.stringify(twist)}: the channel ${done}`);
  }

  async function pay(): Promise<void> {
    const waiting = [...known.values()].filter(({ paid }) => !paid);
    const order = chance.chance(0.85) ? waiting.at(-1) : anyOrder();
    const sheet = order?.sheets.at(-1);
    if (order && sheet) await payAt(order, sheet);
  }

  async function payLate(): Promise<void> {
    parts.count('latePayment');
    await pause(20 * MINUTE, 40 * MINUTE);
    await pay();
  }

  async function payTwice(): Promise<void> {
    const order = anyOrder();
    if (!order) return;
    const [first, second = first] = order.sheets.slice(-2);
    if (first && second) await Promise.all([payAt(order, first), payAt(order, second)]);
  }

  async function cancel(order = anyOrder()): Promise<void> {
    if (!order) return;
    const params = { orderId: order.id };
    const reply = await ask(`cancels ${order.number}`, (handlers) =>
      handlers['POST /orders/:orderId/cancel']({ ...asking, params }),
    );
    if (reply?.outcome === 'ok') witness.shown(reply.value.body);
  }

  async function read(): Promise<void> {
    const order = anyOrder();
    if (!order) return;
    const params = { orderId: order.id };
    const reply = await ask(`looks at ${order.number}`, (handlers) =>
      handlers['GET /orders/:orderId']({ ...asking, params }),
    );
    if (reply?.outcome === 'ok') witness.shown(reply.value.body);
  }

  async function comeBack(): Promise<void> {
    const query = { limit: 20 };
    const reply = await ask('looks at all orders', (handlers) =>
      handlers['GET /orders']({ ...asking, query }),
    );
    if (reply?.outcome !== 'ok') return;
    for (const order of reply.value.body.items) {
      remember(order);
      witness.shown(order);
    }
  }

  const deeds = {
    ...{ lookUp, buyAgain, doubleTap, askSheet, pay, payLate, payTwice, read, comeBack },
    cancel: () => cancel(),
    leave: () => pause(30 * SECOND, 4 * MINUTE),
  };
  const habits = {
    ...{ lookUp: 1, buyAgain: 2, doubleTap: 1, askSheet: 2, pay: 7, payLate: 0.15, payTwice: 1 },
    ...{ read: 3, comeBack: 1, cancel: 1.5, leave: 1 },
  } satisfies Record<keyof typeof deeds, number>;

  /** Most people put away what they do not want; some just go. */
  async function tidyUp(): Promise<void> {
    for (const order of known.values()) {
      if (order.paid) continue;
      if (chance.chance(0.93)) await cancel(order);
      else parts.count('abandoned');
    }
  }

  return async function live(): Promise<void> {
    await pause(0, 30 * SECOND);
    const most = chance.between(2, 7);
    await buy();
    for (let count = 0; count < most && timeline.now() < parts.until; count += 1) {
      await deeds[chance.weighted(habits)]();
      await pause(100, chance.pick([2 * SECOND, 10 * SECOND]));
      if (chance.chance(0.1) && timeline.now() < parts.until) await buy();
    }
    await tidyUp();
  };
}

type Effective = { effective: 'now' | 'nextMonth' };
