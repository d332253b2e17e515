import type { RefundRow } from '../store/schema';

export type RefundRowState = RefundRow['state'];

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface RefundRule {
  to: readonly RefundRowState[];
  /** When to look again, by age in the state (ms); null where nothing more is due. */
  checkSchedule: readonly { untilAge: number; every: number }[] | null;
}

/**
 * The life of a refund. `failed` is not the end: the same number is asked about, and asked for, again
 * and again, for a person can make it possible (a new bank card, a balance), never under a new number.
 */
export const refundRules: Readonly<Record<RefundRowState, RefundRule>> = {
  requested: {
    to: ['processing', 'waiting', 'done', 'failed'],
    checkSchedule: [
      { untilAge: MINUTE, every: 3 * SECOND },
      { untilAge: 60 * MINUTE, every: MINUTE },
      { untilAge: Infinity, every: 10 * MINUTE },
    ],
  },
  waiting: {
    to: ['requested', 'processing', 'done', 'failed'],
    checkSchedule: [
      { untilAge: 10 * MINUTE, every: MINUTE },
      { untilAge: Infinity, every: 10 * MINUTE },
    ],
  },
  processing: {
    to: ['requested', 'waiting', 'done', 'failed'],
    checkSchedule: [
      { untilAge: MINUTE, every: 3 * SECOND },
      { untilAge: 60 * MINUTE, every: MINUTE },
      { untilAge: Infinity, every: 10 * MINUTE },
    ],
  },
  failed: {
    to: ['requested', 'waiting', 'processing', 'done'],
    checkSchedule: [{ untilAge: Infinity, every: 10 * MINUTE }],
  },
  done: { to: [], checkSchedule: null },
};

/** When a refund must be looked at again, in ms from now; undefined where nothing more is due. */
export function nextRefundCheckDelay(state: RefundRowState, ageMs: number): number | undefined {
  return refundRules[state].checkSchedule?.find(({ untilAge }) => ageMs < untilAge)?.every;
}
