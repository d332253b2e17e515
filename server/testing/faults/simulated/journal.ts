import type { Order } from '@shared/contract';
import { type Acknowledged, type Finding, notificationKey } from '../checker';
import type { KnownOrder } from './supervisor';
import { type CounterName, type Counters, increment } from './counters';
import type { Trace } from './trace';

/** What is recorded while a schedule runs. */
export interface Journal {
  counters: Counters;
  findings: Finding[];
  /** The orders that were acknowledged to customers. */
  orders: KnownOrder[];
  /** The longest time from an unknown outcome to its first query, in ms. */
  slowestRepairMs(): number;
  acknowledged(): Acknowledged;
  count(what: CounterName): void;
  addFinding(finding: Finding): void;
  /** The BFF failed where it should have answered. */
  reportFailure(error: unknown): void;
  recordRepair(ms: number): void;
  /** An order was acknowledged with 201. */
  recordOrder(order: Order): void;
  /** A later response showed an order. */
  recordShownOrder(order: Order): void;
  /** A notification was acknowledged to its channel. */
  recordAcknowledged(channel: string, id: string): void;
}

export function createJournal(trace: Trace): Journal {
  const counters: Counters = {};
  const findings: Finding[] = [];
  const orders: KnownOrder[] = [];
  const shown: Acknowledged['shown'][number][] = [];
  const notifications = new Set<string>();
  let slowest = 0;

  function addFinding(finding: Finding): void {
    trace(() => `!! ${finding.kind}: ${finding.orderNumber} ${finding.detail}`);
    findings.push(finding);
  }

  return {
    counters,
    findings,
    orders,
    addFinding,
    slowestRepairMs: () => slowest,
    acknowledged: () => {
      return { orders: new Set(orders.map(({ number }) => number)), shown, notifications };
    },
    count: (what) => increment(counters, what),
    reportFailure: (error) => {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      addFinding({ kind: 'error', orderNumber: '', detail });
    },
    recordRepair: (ms) => {
      slowest = Math.max(slowest, ms);
    },
    recordOrder: ({ id, number, amountFen }) => {
      orders.push({ id, number, amountFen });
    },
    recordShownOrder: ({ number: orderNumber, state, paidAt }) => {
      shown.push({ orderNumber, state, paid: paidAt !== null });
    },
    recordAcknowledged: (channel, id) => {
      notifications.add(notificationKey(channel, id));
    },
  };
}
