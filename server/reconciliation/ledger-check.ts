import { orderRules } from '../orders/order-state';
import { refundableFen } from '../refunds/refund-queries';
import { isAcceptedByChannel, isFinalRefund, isPaidOut } from '../refunds/refund-state';
import type { OrderRow } from '../store/schema';
import type { StoreOrTx } from '../store/store';
import type { OrderPage } from './ledger-page-queries';
import { readOrderPage } from './ledger-page-queries';

/** A rule that the stored records of an order violate. */
export interface LedgerViolation {
  rule: string;
  /** The order's number. */
  subject: string;
  detail: string;
}

/** States in which no payment is recorded. */
const unpaidStates: readonly string[] = ['created', 'awaitingPayment', 'closed'];

/** Checks one rule for an order; returns what violates it. */
type Rule = (order: OrderRow, page: OrderPage) => string | undefined;

function sum(amounts: readonly { amount_fen: number }[]): number {
  return amounts.reduce((total, { amount_fen }) => total + amount_fen, 0);
}

const capturesOf = (order: OrderRow, page: OrderPage) => page.captures.get(order.id) ?? [];
const refundsOf = (order: OrderRow, page: OrderPage) => page.refunds.get(order.id) ?? [];

/** What must be true of every order at any time. */
const ledgerRules: Readonly<Record<string, Rule>> = {
  'the events lead to the state the order is in': (order, page) => {
    const states = page.states.get(order.id) ?? [];
    const last = states.at(-1) ?? 'created';
    return last === order.state ? undefined : `${order.state}, but its events end in ${last}`;
  },
  'every transition is allowed by the rules': (order, page) => {
    const states = ['created', ...(page.states.get(order.id) ?? [])];
    const wrong = states.findIndex((state, index) => {
      const next = states[index + 1];
      return next !== undefined && !allowsTransition(state, next);
    });
    return wrong < 0 ? undefined : `${states[wrong] ?? ''} -> ${states[wrong + 1] ?? ''}`;
  },
  'an unpaid order has no captures': (order, page) =>
    unpaidStates.includes(order.state) && capturesOf(order, page).length > 0
      ? `${order.state} with ${String(sum(capturesOf(order, page)))} fen captured`
      : undefined,
  'a paid order has a capture': (order, page) =>
    !unpaidStates.includes(order.state) && capturesOf(order, page).length === 0
      ? `${order.state} without a capture`
      : undefined,
  'the transaction of an order is captured for it': (order, page) =>
    order.transaction_id !== null &&
    !capturesOf(order, page).some(({ transaction_id: id }) => id === order.transaction_id)
      ? 'its transaction is not captured'
      : undefined,
  'a delivered order was paid in full': (order, page) =>
    order.state === 'delivered' &&
    order.transaction_id !== null &&
    sum(capturesOf(order, page)) < order.amount_fen &&
    !(page.states.get(order.id) ?? []).includes('reviewing')
      ? `${String(sum(capturesOf(order, page)))} of ${String(order.amount_fen)} fen captured`
      : undefined,
  'no capture is refunded beyond its amount': (order, page) => {
    const over = capturesOf(order, page).find((capture) => {
      const refunds = refundsOf(order, page).filter(({ capture_id: id }) => id === capture.id);
      // A refund made in the channel's console replaces ours, which the channel then refuses.
      const isReplaced = refunds.some(({ origin }) => origin === 'channel');
      const counted = refunds.filter((refund) => !isReplaced || isAcceptedByChannel(refund));
      return refundableFen(capture, counted) < 0;
    });
    return over && `more than ${String(over.amount_fen)} fen of one capture`;
  },
  'a refunded order is refunded in full': (order, page) => {
    if (order.state !== 'refunded') return undefined;
    const done = refundsOf(order, page).filter(isPaidOut);
    const captured = sum(capturesOf(order, page));
    return sum(done) === captured
      ? undefined
      : `${String(sum(done))} of ${String(captured)} fen refunded`;
  },
  'a second payment has a refund': (order, page) => {
    const captures = capturesOf(order, page);
    if (captures.length < 2) return undefined;
    const kept = captures.filter(
      (capture) => !refundsOf(order, page).some(({ capture_id: id }) => id === capture.id),
    );
    return kept.length > 1 ? `${String(kept.length)} payments without a refund` : undefined;
  },
  'an order that is not final has a job': (order, page) =>
    !orderRules[order.state].final && !page.orderJobs.has(order.id)
      ? `${order.state} without a job`
      : undefined,
  'a refund that is not final has a job': (order, page) =>
    refundsOf(order, page).some(
      (refund) => !isFinalRefund(refund) && !page.refundJobs.has(refund.id),
    )
      ? 'a refund without a job'
      : undefined,
  'only a paid order has a delivery': (order, page) =>
    page.orderIdsWithDelivery.has(order.id) && capturesOf(order, page).length === 0
      ? 'a delivery without a capture'
      : undefined,
};

function allowsTransition(from: string, to: string): boolean {
  const rule = Object.entries(orderRules).find(([state]) => state === from)?.[1];
  return rule?.to.some((state) => state === to) ?? false;
}

/**
 * Checks the rules for all orders, page by page: amounts, states against events, and a job for everything
 * that is not settled.
 * @returns the violations; empty if there are none
 */
export async function checkLedger(store: StoreOrTx): Promise<LedgerViolation[]> {
  const violations: LedgerViolation[] = [];
  let after = '';
  for (;;) {
    const page = await readOrderPage(store, after);
    if (!page) return violations;
    for (const order of page.orders) {
      for (const [rule, check] of Object.entries(ledgerRules)) {
        const detail = check(order, page);
        if (detail !== undefined) violations.push({ rule, subject: order.number, detail });
      }
    }
    after = page.orders.at(-1)?.id ?? '';
  }
}
