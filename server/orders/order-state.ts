import type { OrderState } from '@shared/order-state';
import { orderStates } from '@shared/order-state';

/** Seconds between checks of an order, by how long (in seconds) it has been in its state. */
type Clock = readonly { untilAge: number; every: number }[];

interface StateRule {
  to: readonly OrderState[];
  /** What pushes an order on that nobody touches; null for final states. */
  clock: Clock | null;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * The life of an order. `closed` is final for the clock, but money that arrives after closing still
 * leads out of it: to `reviewing`, and from there back to the customer.
 */
export const orderRules: Readonly<Record<OrderState, StateRule>> = {
  created: {
    to: ['awaitingPayment', 'paid', 'closed', 'reviewing'],
    clock: [
      { untilAge: MINUTE, every: 15 },
      { untilAge: Infinity, every: MINUTE },
    ],
  },
  awaitingPayment: {
    to: ['paid', 'closed', 'reviewing'],
    clock: [
      { untilAge: MINUTE, every: 10 },
      { untilAge: 5 * MINUTE, every: 20 },
      { untilAge: Infinity, every: MINUTE },
    ],
  },
  paid: { to: ['delivering', 'reviewing'], clock: [{ untilAge: Infinity, every: 1 }] },
  delivering: {
    to: ['delivered', 'deliveryFailed', 'deliveryUnknown'],
    clock: [
      { untilAge: 10, every: 1 },
      { untilAge: MINUTE, every: 3 },
      { untilAge: 10 * MINUTE, every: 15 },
      { untilAge: Infinity, every: MINUTE },
    ],
  },
  deliveryUnknown: {
    to: ['delivered', 'deliveryFailed'],
    clock: [
      { untilAge: HOUR, every: MINUTE },
      { untilAge: Infinity, every: 10 * MINUTE },
    ],
  },
  deliveryFailed: { to: ['refunding'], clock: [{ untilAge: Infinity, every: 1 }] },
  refunding: {
    to: ['refunded', 'refundFailed'],
    clock: [
      { untilAge: MINUTE, every: 3 },
      { untilAge: HOUR, every: MINUTE },
      { untilAge: Infinity, every: 10 * MINUTE },
    ],
  },
  refundFailed: {
    to: ['refunding', 'refunded'],
    clock: [{ untilAge: Infinity, every: 10 * MINUTE }],
  },
  reviewing: { to: ['paid', 'refunding'], clock: [{ untilAge: Infinity, every: 5 * MINUTE }] },
  delivered: { to: [], clock: null },
  closed: { to: ['reviewing'], clock: null },
  refunded: { to: [], clock: null },
};

/** How long a delivery may be under way before it counts as unknown, in milliseconds. */
export const DELIVERY_PATIENCE_MS = 10 * MINUTE * 1000;

/** Whether nothing more is due by the clock in this state. */
export function isFinal(state: OrderState): boolean {
  return orderRules[state].clock === null;
}

/** Whether the table has a way from one state to another. */
export function mayChange(from: OrderState, to: OrderState): boolean {
  return orderRules[from].to.includes(to);
}

/**
 * When an order must be looked at again, in milliseconds from now.
 * @param ageMs how long it has been in its state
 * @returns undefined for final states
 */
export function nextCheckIn(state: OrderState, ageMs: number): number | undefined {
  const { clock } = orderRules[state];
  const step = clock?.find(({ untilAge }) => ageMs < untilAge * 1000);
  return step && step.every * 1000;
}

/**
 * Checks the table: every state can be reached from `created`, every state that is not final has a way
 * out and a clock that never runs dry.
 * @returns what is wrong; empty if nothing is.
 */
export function orderRuleFaults(rules: typeof orderRules = orderRules): string[] {
  const reached = new Set<OrderState>(['created']);
  for (const state of reached) {
    for (const next of rules[state].to) reached.add(next);
  }
  const faults = orderStates
    .filter((state) => !reached.has(state))
    .map((state) => `${state} cannot be reached`);
  for (const state of orderStates) {
    const { to, clock } = rules[state];
    if (clock === null) continue;
    if (to.length === 0) faults.push(`${state} has no way out`);
    if (clock.at(-1)?.untilAge !== Infinity) faults.push(`${state} has a clock that runs dry`);
  }
  return faults;
}
