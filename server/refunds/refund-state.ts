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
  /** When the refund is checked; empty if it is not checked any more. */
  checkSchedule: CheckSchedule;
}

/** While the channel is expected to answer within seconds. */
const ACTIVE: CheckSchedule = [
  { untilAgeMs: MINUTE, everyMs: 3 * SECOND },
  { untilAgeMs: HOUR, everyMs: MINUTE },
  { untilAgeMs: Infinity, everyMs: 10 * MINUTE },
];

/**
 * The life of a refund. `failed` is not final: the refund is queried and requested again and again under
 * the same number, because a person can make it possible (a new bank card, a balance). It never gets a new
 * number: a second number could refund twice.
 */
export const refundRules: Readonly<Record<RefundRowState, RefundRule>> = {
  requested: { to: ['processing', 'waiting', 'done', 'failed'], checkSchedule: ACTIVE },
  processing: { to: ['requested', 'waiting', 'done', 'failed'], checkSchedule: ACTIVE },
  waiting: {
    to: ['requested', 'processing', 'done', 'failed'],
    checkSchedule: [
      { untilAgeMs: 10 * MINUTE, everyMs: MINUTE },
      { untilAgeMs: Infinity, everyMs: 10 * MINUTE },
    ],
  },
  failed: {
    to: ['requested', 'waiting', 'processing', 'done'],
    checkSchedule: [{ untilAgeMs: Infinity, everyMs: 10 * MINUTE }],
  },
  done: { to: [], checkSchedule: [] },
};

/**
 * How long to wait before a refund is checked again, in ms.
 * @param ageMs how long it has been in its state
 * @returns undefined if no further check is due
 */
export function nextRefundCheckDelay(state: RefundRowState, ageMs: number): number | undefined {
  return nextDelay(refundRules[state].checkSchedule, ageMs);
}
