import type { CheckSchedule } from '../orders/check-schedule';
import { nextDelay } from '../orders/check-schedule';
import type { RefundRow } from '../store/schema';

export type RefundRowState = RefundRow['state'];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface RefundRule {
  /** The states that may follow. */
  to: readonly RefundRowState[];
  /** When the refund is checked; empty if its state is final. */
  checkSchedule: CheckSchedule;
}

/** While the channel is expected to answer within seconds. */
const ACTIVE: CheckSchedule = [
  { untilAgeMs: MINUTE, everyMs: 3 * SECOND },
  { untilAgeMs: HOUR, everyMs: MINUTE },
  { untilAgeMs: Infinity, everyMs: 10 * MINUTE },
];

const EVERY_TEN_MINUTES: CheckSchedule = [{ untilAgeMs: Infinity, everyMs: 10 * MINUTE }];

/**
 * The life of a refund. `failed` is not final: the refund is queried and requested again and again under
 * the same number, because a person can make it possible. An `abnormal` refund is only queried. A refund
 * gets a new number only after the channel has confirmed that the old one is closed, because two numbers
 * could refund twice.
 */
export const refundRules: Readonly<Record<RefundRowState, RefundRule>> = {
  requested: {
    to: ['processing', 'waiting', 'done', 'failed', 'abnormal', 'closed'],
    checkSchedule: ACTIVE,
  },
  processing: {
    to: ['requested', 'waiting', 'done', 'failed', 'abnormal', 'closed'],
    checkSchedule: ACTIVE,
  },
  waiting: {
    to: ['requested', 'processing', 'done', 'failed', 'abnormal', 'closed', 'settledOutside'],
    checkSchedule: [
      { untilAgeMs: 10 * MINUTE, everyMs: MINUTE },
      { untilAgeMs: Infinity, everyMs: 10 * MINUTE },
    ],
  },
  failed: {
    to: ['requested', 'waiting', 'processing', 'done', 'abnormal', 'closed', 'settledOutside'],
    checkSchedule: EVERY_TEN_MINUTES,
  },
  abnormal: {
    to: ['processing', 'done', 'closed', 'settledOutside'],
    checkSchedule: EVERY_TEN_MINUTES,
  },
  done: { to: [], checkSchedule: [] },
  closed: { to: [], checkSchedule: [] },
  settledOutside: { to: [], checkSchedule: [] },
};

/** The states in which a refund needs no further work. */
export const finalRefundStates: readonly RefundRowState[] = ['done', 'closed', 'settledOutside'];

/** Whether a refund needs no further work. */
export function isFinalRefund({ state }: Pick<RefundRow, 'state'>): boolean {
  return finalRefundStates.includes(state);
}

/** Whether the channel has accepted a refund, so that it counts it against the payment. */
export function isAcceptedByChannel({ state }: Pick<RefundRow, 'state'>): boolean {
  return ['processing', 'done', 'abnormal'].includes(state);
}

/** Whether the customer has the money of a refund. */
export function isPaidOut({ state }: Pick<RefundRow, 'state'>): boolean {
  return state === 'done' || state === 'settledOutside';
}

/** Whether only a person can get a refund on. */
export function needsPerson({ state }: Pick<RefundRow, 'state'>): boolean {
  return state === 'failed' || state === 'abnormal';
}

/**
 * How long to wait before a refund is checked again, in ms.
 * @param ageMs how long it has been in its state
 * @returns undefined if no further check is due
 */
export function nextRefundCheckDelay(state: RefundRowState, ageMs: number): number | undefined {
  return nextDelay(refundRules[state].checkSchedule, ageMs);
}

const REPLACEMENT_DELAYS_MS = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR] as const;
const LONGEST_REPLACEMENT_DELAY_MS = 24 * HOUR;

/**
 * How long to wait before the refund that replaces a closed one is requested, in ms. What closed the old
 * number, such as a missing balance, may close the new one as well, and channels limit the number of refunds.
 * @param closed how many refunds of the capture were closed
 */
export function replacementDelay(closed: number): number {
  return REPLACEMENT_DELAYS_MS[closed - 1] ?? LONGEST_REPLACEMENT_DELAY_MS;
}
