import type { StaffAuth } from '../../../contract/caller';
import type { ClientParts } from './client';
import { emptyRequest, createClient } from './client';
import type { Prng } from './prng';
import type { Timeline } from './timeline';

const SECOND = 1000;

/** An order the shop's customers were told of. */
export interface KnownOrder {
  id: string;
  number: string;
  amountFen: number;
}

export interface SupervisorParts extends ClientParts {
  auth: StaffAuth;
  timeline: Timeline;
  chance: Prng;
  /** Orders whose customers may complain. */
  orders: () => readonly KnownOrder[];
  until: number;
  count: (what: 'staffRefund') => void;
}

/**
 * A member of the staff who gives money back for orders with which customers are not happy: a part, or
 * all, and again under the same key where no answer came.
 */
export function createSupervisor(parts: SupervisorParts) {
  const { auth, timeline, chance, orders, until, count } = parts;
  const query = createClient(parts);
  let keys = 0;

  async function refundOrder({ id: orderId, number, amountFen: whole }: KnownOrder): Promise<void> {
    keys += 1;
    const key = `goodwill-${String(keys)}`.padEnd(16, '-');
    const amountFen = chance.pick([100, Math.floor(whole / 2), whole]);
    const input = {
      ...emptyRequest,
      auth,
      requestId: key,
      params: { orderId },
      headers: { 'idempotency-key': key },
      body: { amountFen, reason: '客户投诉' },
    };
    count('staffRefund');
    const what = `gives ${String(amountFen)} fen of ${number} back under ${key}`;
    const attempt = () =>
      query(what, (handlers) => handlers['POST /support/orders/:orderId/refunds'](input));
    const [reply] = await Promise.all(
      chance.chance(0.2) ? [attempt(), timeline.sleep(200).then(attempt)] : [attempt()],
    );
    if (!reply) await timeline.sleep(chance.between(SECOND, 20 * SECOND)).then(attempt);
  }

  return async function run(): Promise<void> {
    while (timeline.now() < until) {
      await timeline.sleep(chance.between(5 * SECOND, 90 * SECOND));
      const knownOrders = orders();
      const order = knownOrders[chance.between(0, knownOrders.length - 1)];
      if (order) await refundOrder(order);
    }
  };
}
