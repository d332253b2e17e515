import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiResponse, ContractKey, Order, Package, PaymentParameters } from '@shared/contract';
import { createCaller, type LooseRequest } from '../../test/caller';
import type { SandboxControls } from '../../test/sandbox-controls';
import type { Prng } from '../simulated/prng';
import type { Door } from './bff-process';
import type { Witness } from './witness';

export interface CustomerParts {
  name: string;
  chance: Prng;
  sandbox: SandboxControls;
  /** Numbers of the cards they buy for. */
  cards: readonly [string, ...string[]];
  /** The door they try next. */
  door: () => Door;
  witness: Witness;
  isOver: () => boolean;
}

/** How often somebody tries what was not answered. */
const TRIES = 4;
/** How long they wait before they try again, in ms. */
const AGAIN_MS = 150;
/** How many orders somebody comes back to. */
const REMEMBERED = 12;

interface Known {
  order: Order;
  sheets: PaymentParameters[];
}

interface Wish {
  key: string;
  body: { cardId: string; packageId: string; effective: 'now' | 'nextMonth' };
}

/** What fetch throws where no whole answer came. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message);
}

/** Somebody with cards: what they do is chance, what they may do is the contract. */
export function createCustomer(parts: CustomerParts) {
  const { name, chance, sandbox, cards, door, witness, isOver } = parts;
  const known: Known[] = [];
  let token: string | undefined;
  let lastWish: Wish | undefined;
  const pause = (least: number, most: number) => sleep(chance.between(least, most));

  /** Calls the shop; undefined where it refused or nothing came back. */
  async function ask<Key extends ContractKey>(
    key: Key,
    request: LooseRequest,
  ): Promise<ApiResponse<Key> | undefined> {
    const { origin, dispatcher } = door();
    const address = { origin: () => origin, dispatcher: () => dispatcher };
    const caller = createCaller({ ...address, token, onAnswer: () => undefined });
    try {
      const { status, body } = await caller.send(key, request);
      witness.answered();
      if (status === 401) token = undefined;
      if (status === 503) witness.count('answered 503');
      // `send` has compared the body with the schema of this very route.
      return status < 400 ? (body as ApiResponse<Key>) : undefined;
    } catch (error) {
      if (!isNoAnswer(error)) witness.fault(`${key}: ${String(error)}`);
      else await sleep(AGAIN_MS);
      return undefined;
    }
  }

  async function insist<Key extends ContractKey>(key: Key, request: LooseRequest) {
    for (let tries = 0; tries < TRIES && !isOver(); tries += 1) {
      const answer = await ask(key, request);
      if (answer !== undefined) return answer;
      await pause(20, AGAIN_MS);
    }
    return undefined;
  }

  async function signIn(): Promise<void> {
    const code = await sandbox.loginCode(name);
    const answer = await ask('POST /sessions', { body: { code } });
    if (answer === undefined) await sleep(AGAIN_MS);
    else token = answer.token;
  }

  function remember(order: Order): void {
    const before = known.find((each) => each.order.id === order.id);
    if (before) before.order = order;
    else known.push({ order, sheets: [] });
    if (known.length > REMEMBERED) known.shift();
    if (order.payment) keepSheet(order.id, order.payment);
  }

  function keepSheet(orderId: string, sheet: PaymentParameters): void {
    known.find(({ order }) => order.id === orderId)?.sheets.push(sheet);
  }

  async function choose(): Promise<Wish | undefined> {
    const found = await insist('GET /cards', { query: { number: chance.pick(cards) } });
    const cardId = found?.items[0]?.id;
    if (cardId === undefined) return undefined;
    const sale = await insist('GET /cards/:cardId/packages', { params: { cardId } });
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

  async function place(
    wish: Wish,
    { patiently }: { patiently: boolean },
  ): Promise<Order | undefined> {
    const request = { headers: { 'idempotency-key': wish.key }, body: wish.body };
    const order = await (patiently ? insist : ask)('POST /orders', request);
    if (!order) return undefined;
    witness.ordered(order, wish.key);
    remember(order);
    return order;
  }

  async function buy(): Promise<void> {
    const wish = await choose();
    if (!wish) return;
    lastWish = wish;
    if (chance.chance(0.15)) {
      witness.count('tapped twice');
      await Promise.all([1, 2].map(() => place(wish, { patiently: true })));
    } else {
      await place(wish, { patiently: chance.chance(0.7) });
    }
    await deeds[chance.weighted(afterOrdering)]();
  }

  /** The same request again, as when an answer was lost. */
  async function retry(): Promise<void> {
    if (lastWish) await place(lastWish, { patiently: true });
  }

  async function pay({ order, sheets }: Known, which = -1): Promise<void> {
    const sheet = sheets.at(which);
    if (!sheet) return;
    const answer = await sandbox.cashier(sheet, 'pay');
    if (answer === 'requestPayment:ok') witness.count('paid');
    if (chance.chance(0.8)) await look(order.id);
  }

  async function look(orderId: string): Promise<void> {
    const looks = chance.between(1, 4);
    for (let count = 0; count < looks && !isOver(); count += 1) {
      const order = await ask('GET /orders/:orderId', { params: { orderId } });
      if (order) witness.shown(order);
      await pause(20, 250);
    }
  }

  async function askSheet({ order }: Known): Promise<void> {
    const answer = await insist('POST /orders/:orderId/payment', { params: { orderId: order.id } });
    if (answer) keepSheet(order.id, answer.payment);
  }

  async function cancel({ order }: Known): Promise<void> {
    const params = { orderId: order.id };
    const answer = await insist('POST /orders/:orderId/cancel', { params });
    if (answer) witness.shown(answer);
  }

  /** Does something with the order made last, or with any. */
  const withLast = (act: (it: Known) => Promise<void>) => () => withOrder(known.at(-1), act);
  const withAny = (act: (it: Known) => Promise<void>) => () =>
    withOrder(known[chance.between(0, known.length - 1)], act);

  async function withOrder(it: Known | undefined, act: (it: Known) => Promise<void>) {
    if (it) await act(it);
  }

  const deeds = {
    pay: withLast((it) => pay(it)),
    payOnTwoSheets: withLast(async (it) => {
      await askSheet(it);
      witness.count('paid on two sheets');
      await Promise.all([pay(it), pay(it, 0)]);
    }),
    payAndCancel: withLast(async (it) => {
      witness.count('paid and cancelled at once');
      await Promise.all([pay(it), cancel(it)]);
    }),
    putSheetAway: withLast(async ({ sheets }) => {
      const sheet = sheets.at(-1);
      if (sheet) await sandbox.cashier(sheet, 'cancel');
    }),
    cancel: withLast(cancel),
    payLate: withAny(async (it) => {
      witness.count('paid on an old sheet');
      await pay(it, 0);
    }),
    comeBack: withAny(async (it) => {
      await askSheet(it);
      await pay(it);
    }),
    look: withAny(({ order }) => look(order.id)),
    leave: () => pause(100, 400),
    ...{ buy, retry, listOrders },
  };
  const afterOrdering = {
    ...{ pay: 8, payOnTwoSheets: 1, payAndCancel: 1, putSheetAway: 1, cancel: 1, leave: 2 },
  } satisfies Partial<Record<keyof typeof deeds, number>>;
  const visits = {
    ...{ buy: 6, retry: 1, payLate: 1, comeBack: 1, look: 2, listOrders: 1, cancel: 0.5 },
  } satisfies Partial<Record<keyof typeof deeds, number>>;

  async function listOrders(): Promise<void> {
    const page = await ask('GET /orders', { query: { limit: 20 } });
    for (const order of page?.items ?? []) {
      witness.shown(order);
      remember(order);
    }
  }

  /** Comes and goes until it is over. */
  return async function live(): Promise<void> {
    while (!isOver()) {
      if (token === undefined) await signIn();
      else await deeds[chance.weighted(visits)]();
      await pause(20, 200);
    }
  };
}
