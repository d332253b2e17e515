import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Card, Order, Package } from '@shared/contract';
import type { OrderState } from '@shared/order-state';
import type { LedgerPayment, SandboxCard } from './sandbox-controls';
import { eventually, type Customer, type Stack } from './harness';

type Effective = 'now' | 'nextMonth';

/** A card of the sandbox with a carrier's status code: the first, or the one at `position`. */
export async function cardInState(
  stack: Stack,
  carrier: SandboxCard['carrier'],
  carrierCode: string,
  position = 0,
): Promise<SandboxCard> {
  const cards = await stack.sandbox.cards();
  const found = cards.filter(
    (card) => card.carrier === carrier && card.carrierCode === carrierCode,
  )[position];
  assert.ok(found, `the sandbox has no such ${carrier} card in state ${carrierCode}`);
  return found;
}

/** Looks a card up by a number that identifies it. */
export async function findCard(customer: Customer, number: string): Promise<Card> {
  const { items } = await customer.ok('GET /cards', { query: { number } });
  const [card, ...others] = items;
  assert.ok(card && others.length === 0, `${items.length} cards for ${number}`);
  return card;
}

export async function packagesFor(customer: Customer, cardId: string): Promise<Package[]> {
  const { categories } = await customer.ok('GET /cards/:cardId/packages', { params: { cardId } });
  return categories.flatMap(({ packages }) => packages);
}

/** A card that was looked up, and a package to buy for it. */
export interface Purchase {
  card: Card;
  offer: Package;
  body: { cardId: string; packageId: string; effective: Effective };
}

/** Looks up a healthy card and chooses a package; each `position` is another card. */
export async function preparePurchase(
  stack: Stack,
  customer: Customer,
  position = 0,
): Promise<Purchase> {
  const { iccid } = await cardInState(stack, 'telecom', '1', position);
  const card = await findCard(customer, iccid);
  const offer = (await packagesFor(customer, card.id)).find(
    ({ kind, canBuy }) => kind === 'basic' && canBuy,
  );
  assert.ok(offer, 'nothing is on sale');
  return { card, offer, body: { cardId: card.id, packageId: offer.id, effective: 'now' } };
}

export function newIdempotencyKey(): string {
  return randomUUID();
}

export function placeOrder(
  customer: Customer,
  { body }: Purchase,
  key = newIdempotencyKey(),
): Promise<Order> {
  return customer.ok('POST /orders', { headers: { 'idempotency-key': key }, body });
}

export function readOrder(customer: Customer, orderId: string): Promise<Order> {
  return customer.ok('GET /orders/:orderId', { params: { orderId } });
}

/** Reads an order from the list, which does not query the platforms. */
export async function storedOrder(customer: Customer, orderId: string): Promise<Order> {
  const { items } = await customer.ok('GET /orders', { query: { limit: 100 } });
  const order = items.find(({ id }) => id === orderId);
  assert.ok(order, 'the order is not in the list');
  return order;
}

/** Polls until an order is in a state, without querying the platforms. */
export function waitForState(
  customer: Customer,
  orderId: string,
  state: OrderState,
): Promise<Order> {
  return eventually(`order in state ${state}`, async () => {
    const order = await storedOrder(customer, orderId);
    return order.state === state && order;
  });
}

/** Advances the clock until an order is in a state, without querying the platforms. */
export function advanceUntilState(
  stack: Stack,
  customer: Customer,
  orderId: string,
  { state, stepMs = 4_000 }: { state: OrderState; stepMs?: number },
): Promise<Order> {
  return eventually(
    `order in state ${state}`,
    async () => {
      const known = await storedOrder(customer, orderId);
      if (known.state === state) return known;
      await stack.advanceClock(stepMs);
      return undefined;
    },
    15_000,
  );
}

/** The payment of an order in the sandbox's ledger, and the number of its deliveries. */
export async function ledgerOf(
  stack: Stack,
  number: string,
): Promise<{ payment: LedgerPayment | undefined; delivered: number }> {
  const { payments, deliveries } = await stack.sandbox.ledger();
  return {
    payment: payments.find(({ orderNumber }) => orderNumber === number),
    delivered: deliveries.filter(({ orderNumber }) => orderNumber === number).length,
  };
}
