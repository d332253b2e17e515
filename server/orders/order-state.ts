import type { OrderState } from '@shared/order-state';
import { orderStates } from '@shared/order-state';
import { LONGEST_CALL_MS } from './call-limits';
import type { CheckSchedule } from './check-schedule';
import { nextDelay } from './check-schedule';

/** When an order counts as stuck: so long after it entered its state, or after its last moment to be paid. */
interface StuckRule {
  since: 'state_since' | 'pay_before';
  afterMs: number;
}

export interface OrderRule {
  /** The states that may follow. */
  to: readonly OrderState[];
  /** Whether our work on the order is done. Only an external event can change its state then. */
  final: boolean;
  /** When the order is checked if nothing else triggers a check; empty if it is not checked. */
  checkSchedule: CheckSchedule;
  /** When a person is called; null for states that have alerts of their own or need none. */
  stuck: StuckRule | null;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const UNPAID_TOO_LONG: StuckRule = { since: 'pay_before', afterMs: 4 * MINUTE };
const TOO_LONG_IN_STATE: StuckRule = { since: 'state_since', afterMs: 25 * MINUTE };

/**
 * The life of an order. `closed` is final, but a payment that arrives after closing still moves the order
 * to `reviewing`, where it is refunded. So a closed order is checked for a while longer.
 */
export const orderRules: Readonly<Record<OrderState, OrderRule>> = {
  created: {
    to: ['awaitingPayment', 'paid', 'closed', 'reviewing'],
    final: false,
    checkSchedule: [
      { untilAgeMs: 15 * SECOND, everyMs: 5 * SECOND },
      { untilAgeMs: MINUTE, everyMs: 15 * SECOND },
      { untilAgeMs: Infinity, everyMs: 45 * SECOND },
    ],
    stuck: UNPAID_TOO_LONG,
  },
  awaitingPayment: {
    to: ['paid', 'closed', 'reviewing'],
    final: false,
    checkSchedule: [
      { untilAgeMs: MINUTE, everyMs: 10 * SECOND },
      { untilAgeMs: 5 * MINUTE, everyMs: 20 * SECOND },
      { untilAgeMs: Infinity, everyMs: 45 * SECOND },
    ],
    stuck: UNPAID_TOO_LONG,
  },
  paid: {
    to: ['delivering'],
    final: false,
    checkSchedule: [
      { untilAgeMs: MINUTE, everyMs: SECOND },
      { untilAgeMs: Infinity, everyMs: MINUTE },
    ],
    stuck: TOO_LONG_IN_STATE,
  },
  delivering: {
    to: ['delivered', 'deliveryFailed', 'deliveryUnknown'],
    final: false,
    checkSchedule: [
      { untilAgeMs: 10 * SECOND, everyMs: SECOND },
      { untilAgeMs: MINUTE, everyMs: 3 * SECOND },
      { untilAgeMs: 10 * MINUTE, everyMs: 15 * SECOND },
      { untilAgeMs: Infinity, everyMs: MINUTE },
    ],
    stuck: TOO_LONG_IN_STATE,
  },
  deliveryUnknown: {
    to: ['delivered', 'deliveryFailed'],
    final: false,
    checkSchedule: [
      { untilAgeMs: HOUR, everyMs: MINUTE },
      { untilAgeMs: Infinity, everyMs: 10 * MINUTE },
    ],
    stuck: TOO_LONG_IN_STATE,
  },
  deliveryFailed: {
    to: ['refunding'],
    final: false,
    checkSchedule: [
      { untilAgeMs: MINUTE, everyMs: SECOND },
      { untilAgeMs: Infinity, everyMs: MINUTE },
    ],
    stuck: TOO_LONG_IN_STATE,
  },
  refunding: {
    to: ['refunded', 'refundFailed'],
    final: false,
    checkSchedule: [
      { untilAgeMs: MINUTE, everyMs: 10 * SECOND },
      { untilAgeMs: HOUR, everyMs: MINUTE },
      { untilAgeMs: Infinity, everyMs: 10 * MINUTE },
    ],
    // Each refund raises its own alerts.
    stuck: null,
  },
  refundFailed: {
    to: ['refunding', 'refunded'],
    final: false,
    checkSchedule: [{ untilAgeMs: Infinity, everyMs: 10 * MINUTE }],
    stuck: null,
  },
  reviewing: {
    to: ['delivered', 'refunding'],
    final: false,
    checkSchedule: [
      { untilAgeMs: MINUTE, everyMs: 3 * SECOND },
      { untilAgeMs: 10 * MINUTE, everyMs: 15 * SECOND },
      { untilAgeMs: Infinity, everyMs: 5 * MINUTE },
    ],
    stuck: TOO_LONG_IN_STATE,
  },
  delivered: { to: [], final: true, checkSchedule: [], stuck: null },
  closed: {
    to: ['reviewing'],
    final: true,
    checkSchedule: [
      { untilAgeMs: MINUTE, everyMs: 30 * SECOND },
      { untilAgeMs: 15 * MINUTE, everyMs: 5 * MINUTE },
    ],
    stuck: null,
  },
  refunded: { to: [], final: true, checkSchedule: [], stuck: null },
};

/** How long a delivery may take before its outcome counts as unknown, in ms. */
export const DELIVERY_TIMEOUT_MS = 10 * MINUTE;

/** How long a package may be ordered for, in ms: the call ends before its outcome counts as unknown. */
export const ORDER_UNTIL_MS = DELIVERY_TIMEOUT_MS - LONGEST_CALL_MS;

/** How long a platform may take until its list shows an order that it received, in ms. */
const LISTED_WITHIN_MS = 20 * MINUTE;

/**
 * How long an order with an unknown delivery must be missing from its platform's list before that proves
 * that the package was never ordered, in ms: longer than the latest request can take to arrive and to be
 * listed. It is not measured by our clock; see `deliveries/absence.ts`.
 */
export const ABSENCE_PROVEN_AFTER_MS = LONGEST_CALL_MS + LISTED_WITHIN_MS;

/** States in which an order can still be paid. While it can, it blocks a second order for the same package. */
export const payableStates: readonly OrderState[] = ['created', 'awaitingPayment'];

/** Whether an order can still be paid in this state. */
export function isPayableState(state: OrderState): boolean {
  return payableStates.includes(state);
}

/** Whether the package may be ordered, or may have been ordered, without a known outcome. */
export function isDeliveryInProgress(state: OrderState): boolean {
  return state === 'delivering' || state === 'deliveryUnknown';
}

/** Whether an order should have been settled by now, so that a person must be called. */
export function isStuck(
  order: { state: OrderState; state_since: number; pay_before: number },
  now: number,
): boolean {
  const { stuck } = orderRules[order.state];
  return stuck !== null && now - order[stuck.since] >= stuck.afterMs;
}

/** Whether our work on an order is done in this state. */
export function isFinal(state: OrderState): boolean {
  return orderRules[state].final;
}

export function canTransition(from: OrderState, to: OrderState): boolean {
  return orderRules[from].to.includes(to);
}

/**
 * How long to wait before an order is checked again, in ms.
 * @param ageMs how long it has been in its state
 * @returns undefined if no further check is due
 */
export function nextCheckDelay(state: OrderState, ageMs: number): number | undefined {
  return nextDelay(orderRules[state].checkSchedule, ageMs);
}

/**
 * Validates the rules: every state can be reached from `created`; every state that is not final has a
 * next state and a check schedule that never ends.
 * @returns the errors; empty if there are none
 */
export function findOrderRuleErrors(rules: typeof orderRules = orderRules): string[] {
  const reached = new Set<OrderState>(['created']);
  for (const state of reached) {
    for (const next of rules[state].to) reached.add(next);
  }
  const errors = orderStates
    .filter((state) => !reached.has(state))
    .map((state) => `${state} cannot be reached`);
  for (const state of orderStates) {
    const { to, final, checkSchedule } = rules[state];
    if (final) continue;
    if (to.length === 0) errors.push(`${state} has no next state`);
    if (checkSchedule.at(-1)?.untilAgeMs !== Infinity)
      errors.push(`${state} has a check schedule that ends`);
  }
  return errors;
}
