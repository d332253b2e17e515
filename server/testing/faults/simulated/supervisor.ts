import type { StaffAuth } from '../../../contract/caller';
import { type ClientParts, createClient, emptyRequest } from './client';
import type { Prng } from './prng';
import type { Timeline } from './timeline';

const SECOND = 1000;

/** An order that was acknowledged to a customer. */
export interface KnownOrder {
  id: string;
  number: string;
  amountFen: number;
}

export interface SupervisorParts extends ClientParts {
  auth: StaffAuth;
  timeline: Timeline;
  prng: Prng;
  /** Orders that may be refunded. */
  orders: () => readonly KnownOrder[];
  until: number;
  count: (what: 'staffRefund') => void;
}

/**
 * A member of the staff who refunds orders as goodwill, in part or in full, and retries with the same
 * idempotency key where there was no response.
 */
export function createSupervisor(parts: SupervisorParts) {
  const { auth, timeline, prng, orders, until, count } = parts;
  const request = createClient(parts);
  let keys = 0;

  async function refundOrder({ id: orderId, number, amountFen: whole }: KnownOrder): Promise<void> {
    keys += 1;
    const key = `goodwill-${String(keys)}`.padEnd(16, '-');
    const amountFen = prng.pick([100, Math.floor(whole / 2), whole]);
    const input = {
      ...emptyRequest,
      auth,
      requestId: key,
      params: { orderId },
      headers: { 'idempotency-key': key },
      body: { amountFen, reason: '客户投诉' },
    };
    count('staffRefund');
    const what = `refunds ${String(amountFen)} fen of ${number} with the key ${key}`;
    const attempt = () =>
      request(what, (handlers) => handlers['POST /support/orders/:orderId/refunds'](input));
    const [reply] = await Promise.all(
      prng.chance(0.2) ? [attempt(), timeline.sleep(200).then(attempt)] : [attempt()],
    );
    if (!reply) await timeline.sleep(prng.between(SECOND, 20 * SECOND)).then(attempt);
  }

  return async function run(): Promise<void> {
    while (timeline.now() < until) {
      await timeline.sleep(prng.between(5 * SECOND, 90 * SECOND));
      const knownOrders = orders();
      const order = knownOrders[prng.between(0, knownOrders.length - 1)];
      if (order) await refundOrder(order);
    }
  };
}
