import type { StaffAuth } from '../../../contract/caller';
import type { Store } from '../../../store/store';
import { type ClientParts, createClient, emptyRequest } from './client';
import type { CardProvider } from './card-provider';
import type { Resolution } from '../../../support/resolve-order';
import type { Timeline } from './timeline';

const MINUTE = 60_000;

/** The interval between looks at the list of unknown deliveries, in ms. */
const INTERVAL_MS = 5 * MINUTE;

export interface OperatorParts extends ClientParts {
  auth: StaffAuth;
  timeline: Timeline;
  /** Where the unknown deliveries are read from. */
  observerStore: Store;
  provider: CardProvider;
  /** When the operator stops, epoch ms. */
  until: number;
  count: (what: 'resolved') => void;
}

/**
 * A member of the staff who resolves unknown deliveries by what the card platform's ledger shows.
 */
export function createOperator(parts: OperatorParts) {
  const { auth, timeline, observerStore, provider, until, count } = parts;
  const request = createClient(parts);

  /** Undefined while the platform is still working on the order. */
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
    const reply = await request(`resolves ${number} as ${outcome}`, (handlers) =>
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
      await timeline.sleep(INTERVAL_MS);
    }
  };
}
