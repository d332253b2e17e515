import type { OrderState } from '@shared/order-state';
import { orderStates } from '@shared/order-state';

/** Seconds between checks of an order, by how long (in seconds) it has been in its state. */
type CheckSchedule = readonly { untilAge: number; every: number }[];

interface StateRule {
  to: readonly OrderState[];
  /** Whether the order is at rest here. What befalls it then comes from outside. */
  final: boolean;
  /** What pushes an order on that nobody touches; null where nothing is looked at any more. */
  checkSchedule: CheckSchedule | null;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * The life of an order. `closed` is final, but money that arrives after closing still leads out of it:
 * to `reviewing`, and from there back to the customer. So it is looked at for a while longer.
 */
export const orderRules: Readonly<Record<OrderState, StateRule>> = {
  created: {
    to: ['awaitingPayment', 'paid', 'closed', 'reviewing'],
    final: false,
    checkSchedule: [
      { untilAge: 15, every: 5 },
      { untilAge: MINUTE, every: 15 },
      { untilAge: Infinity, every: 45 },
    ],
  },
  awaitingPayment: {
    to: ['paid', 'closed', 'reviewing'],
    final: false,
    checkSchedule: [
      { untilAge: MINUTE, every: 10 },
      { untilAge: 5 * MINUTE, every: 20 },
      { untilAge: Infinity, every: 45 },
    ],
  },
  paid: {
    to: ['delivering'],
    final: false,
    checkSchedule: [
      { untilAge: MINUTE, every: 1 },
      { untilAge: Infinity, every: MINUTE },
    ],
  },
  delivering: {
    to: ['delivered', 'deliveryFailed', 'deliveryUnknown'],
    final: false,
    checkSchedule: [
      { untilAge: 10, every: 1 },
      { untilAge: MINUTE, every: 3 },
      { untilAge: 10 * MINUTE, every: 15 },
      { untilAge: Infinity, every: MINUTE },
    ],
  },
  deliveryUnknown: {
    to: ['delivered', 'deliveryFailed'],
    final: false,
    checkSchedule: [
      { untilAge: HOUR, every: MINUTE },
      { untilAge: Infinity, every: 10 * MINUTE },
    ],
  },
  deliveryFailed: {
    to: ['refunding'],
    final: false,
    checkSchedule: [
      { untilAge: MINUTE, every: 1 },
      { untilAge: Infinity, every: MINUTE },
    ],
  },
  refunding: {
    to: ['refunded', 'refundFailed'],
    final: false,
    checkSchedule: [
      { untilAge: MINUTE, every: 10 },
      { untilAge: HOUR, every: MINUTE },
      { untilAge: Infinity, every: 10 * MINUTE },
    ],
  },
  refundFailed: {
    to: ['refunding', 'refunded'],
    final: false,
    checkSchedule: [{ untilAge: Infinity, every: 10 * MINUTE }],
  },
  reviewing: {
    to: ['delivered', 'refunding'],
    final: false,
    checkSchedule: [
      { untilAge: MINUTE, every: 3 },
      { untilAge: 10 * MINUTE, every: 15 },
      { untilAge: Infinity, every: 5 * MINUTE },
    ],
  },
  delivered: { to: [], final: true, checkSchedule: null },
  closed: {
    to: ['reviewing'],
    final: true,
    checkSchedule: [
      { untilAge: MINUTE, every: 30 },
      { untilAge: 15 * MINUTE, every: 5 * MINUTE },
    ],
  },
  refunded: { to: [], final: true, checkSchedule: null },
};

/** How long a delivery may be under way before it counts as unknown, in milliseconds. */
export const DELIVERY_TIMEOUT_MS = 10 * MINUTE * 1000;

/**
 * How long an unknown delivery may be missing from the list of its platform before that is proof that
 * it was never ordered, in milliseconds: no request of ours is under way for so long.
 */
export const ABSENCE_PROVEN_AFTER_MS = 20 * MINUTE * 1000;

/** How long an order may stay in a state that it should only pass through, in milliseconds. */
const STUCK_AFTER_MS = 25 * MINUTE * 1000;
/** How long after its last moment for payment an order may still be open, in milliseconds. */
const CLOSE_OVERDUE_AFTER_MS = 4 * MINUTE * 1000;

/**
 * Whether an order should have been settled by now, so that a person is called. What becomes of refunds
 * is watched for each of them.
 */
export function isStuck(
  order: { state: OrderState; state_since: number; pay_before: number },
  now: number,
): boolean {
  switch (order.state) {
    case 'created':
    case 'awaitingPayment':
      return now - order.pay_before >= CLOSE_OVERDUE_AFTER_MS;
    case 'refunding':
    case 'refundFailed':
      return false;
    default:
      return !isFinal(order.state) && now - order.state_since >= STUCK_AFTER_MS;
  }
}

/** Whether an order is at rest in this state. */
export function isFinal(state: OrderState): boolean {
  return orderRules[state].final;
}

/** Whether the table has a way from one state to another. */
export function canTransition(from: OrderState, to: OrderState): boolean {
  return orderRules[from].to.includes(to);
}

/**
 * When an order must be looked at again, in milliseconds from now.
 * @param ageMs how long it has been in its state
 * @returns undefined where it is not looked at any more
 */
export function nextCheckDelay(state: OrderState, ageMs: number): number | undefined {
  const { checkSchedule } = orderRules[state];
  const interval = checkSchedule?.find(({ untilAge }) => ageMs < untilAge * 1000);
  return interval && interval.every * 1000;
}

/**
 * Checks the table: every state can be reached from `created`, every state that is not final has a way
 * out and a clock that never runs dry.
 * @returns what is wrong; empty if nothing is.
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
    if (to.length === 0) errors.push(`${state} has no way out`);
    if (checkSchedule?.at(-1)?.untilAge !== Infinity)
      errors.push(`${state} has a clock that runs dry`);
  }
  return errors;
}
