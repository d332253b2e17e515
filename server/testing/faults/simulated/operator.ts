import type { StaffAuth } from '../../../contract/caller';
import type { Store } from '../../../store/store';
import type { ClientParts } from './client';
import { emptyRequest, createClient } from './client';
import type { CardProvider } from './card-provider';
import type { Resolution } from '../../../support/resolve-order';
import type { Timeline } from './timeline';

const MINUTE = 60_000;

/** How often the list of those who wait is looked at, in ms. */
const ROUND_MS = 5 * MINUTE;

export interface OperatorParts extends ClientParts {
  auth: StaffAuth;
  timeline: Timeline;
  /** What the list of unknown deliveries is read from. */
  observerStore: Store;
  provider: CardProvider;
  /** How long there is somebody, epoch ms. */
  until: number;
  count: (what: 'resolved') => void;
}

/**
 * A member of the staff who asks the card platform's people about unknown deliveries, and says what they
 * found in their ledger.
 */
export function createOperator(parts: OperatorParts) {
  const { auth, timeline, observerStore, provider, until, count } = parts;
  const query = createClient(parts);

  /** Undefined while its order is still under way there. */
  function findOutcome(orderNumber: string): Resolution['outcome'] | undefined {
    const states = provider
      .orders()
      .filter(({ order }) => order.orderNumber === orderNumber)
      .map(({ state }) => state.state);
    if (states.includes('delivered')) return 'delivered';
    return states.includes('pending') ? undefined : 'notDelivered';
  }

  async function resolve({ id: orderId, number }: { id: string; number: string }): Promise<void> {
    const outcome = findOutcome(number);
    if (!outcome) return;
    const input = {
      ...emptyRequest,
      auth,
      requestId: orderId,
      params: { orderId },
      body: { outcome, evidence: '平台人工查询' },
    };
    const reply = await query(`says that ${number} was ${outcome}`, (handlers) =>
      handlers['POST /support/orders/:orderId/resolutions'](input),
    );
    if (reply?.outcome === 'ok') count('resolved');
  }

  return async function run(): Promise<void> {
    while (timeline.now() < until) {
      const unknown = await observerStore
        .selectFrom('orders')
        .select(['id', 'number'])
        .where('state', '=', 'deliveryUnknown')
        .orderBy('id')
        .execute();
      for (const order of unknown) await resolve(order);
      await timeline.sleep(ROUND_MS);
    }
  };
}
