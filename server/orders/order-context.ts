import type { OrderState } from '@shared/order-state';
import type { Logger } from 'pino';
import type { CardPlatforms } from '../platforms/card-platforms';
import type { Gateways } from '../platforms/payment-gateways';
import { PlatformUnavailable } from '../platforms/ports';
import type { OrderRow } from '../store/schema';
import type { Store } from '../store/store';
import type { OrderChanges } from './order-queries';
import { transitionOrder } from './order-queries';
import { recordUpstreamCall } from './upstream-calls';

/** How soon a call whose outcome is unknown is looked into, in ms. */
export const UNKNOWN_RETRY_MS = 4_000;

/** A platform did not say whether it did what it was asked to: it is asked soon what became of it. */
export class OutcomeUnknown extends PlatformUnavailable {}

/** What the steps that push an order on work with. */
export interface OrderContext {
  store: Store;
  clock: () => number;
  log: Logger;
  gateways: Gateways;
  platforms: CardPlatforms;
  /** Told when a card got something, so that its figures are asked for afresh. */
  onDelivered: (cardId: string) => Promise<void>;
}

/** Looks at one order in the states it is for; returns it as it is afterwards. */
export type OrderStep = (context: OrderContext, order: OrderRow) => Promise<OrderRow>;

export type OrderSteps = Readonly<Partial<Record<OrderState, OrderStep>>>;

/**
 * Asks a platform about an order, and notes question and answer in the order's timeline.
 * @throws PlatformUnavailable as the question does
 */
export async function loggedCall<Answer>(
  { store, clock }: Pick<OrderContext, 'store' | 'clock'>,
  orderId: string,
  operation: string,
  call: () => Promise<Answer>,
  describe: (answer: Answer) => string,
): Promise<Answer> {
  const record = (outcome: string) =>
    recordUpstreamCall(store, { orderId, at: clock(), operation, outcome });
  try {
    const answer = await call();
    await record(describe(answer));
    return answer;
  } catch (error) {
    if (error instanceof PlatformUnavailable) await record('no answer');
    throw error;
  }
}

/**
 * Changes an order's state in a transaction of its own.
 * @returns the order afterwards, or as it was read where somebody else changed it first
 */
export async function commitTransition(
  { store, clock }: Pick<OrderContext, 'store' | 'clock'>,
  order: OrderRow,
  to: OrderState,
  options: { changes?: OrderChanges; detail?: string } = {},
): Promise<OrderRow> {
  const changed = await store
    .transaction()
    .execute((tx) => transitionOrder(tx, order, to, clock(), options));
  return changed ?? order;
}

/** Describes the outcome of a call that may have done something. */
export function describeOutcome(result: {
  outcome: 'done' | 'refused' | 'unknown';
  reason?: string;
}): string {
  return result.reason === undefined ? result.outcome : `${result.outcome}: ${result.reason}`;
}
