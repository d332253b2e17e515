import type { Order } from '@shared/contract';
import type { Acknowledged, Finding } from '../checker';
import { notificationKey } from '../checker';
import type { HeardOf } from './supervisor';
import type { Counted, Tally } from './tally';
import { addTo } from './tally';
import type { Trace } from './trace';

/** What is written down of a schedule while it runs. */
export interface Chronicle {
  tally: Tally;
  findings: Finding[];
  /** The orders customers were told of. */
  orders: HeardOf[];
  /** The slowest first look into an unknown, in ms. */
  slowestRepairMs(): number;
  acknowledged(): Acknowledged;
  count(what: Counted): void;
  found(finding: Finding): void;
  /** The product failed where it should have answered. */
  fault(error: unknown): void;
  repaired(ms: number): void;
  /** A customer was told of an order of theirs, or shown one. */
  ordered(order: Order): void;
  shown(order: Order): void;
  /** A channel was told that its notification is taken. */
  notified(channel: string, id: string): void;
}

export function createChronicle(trace: Trace): Chronicle {
  const tally: Tally = {};
  const findings: Finding[] = [];
  const orders: HeardOf[] = [];
  const shown: Acknowledged['shown'][number][] = [];
  const notifications = new Set<string>();
  let slowest = 0;

  function found(finding: Finding): void {
    trace(() => `!! ${finding.kind}: ${finding.orderNumber} ${finding.detail}`);
    findings.push(finding);
  }

  return {
    ...{ tally, findings, orders, found },
    slowestRepairMs: () => slowest,
    acknowledged: () => {
      return { orders: new Set(orders.map(({ number }) => number)), shown, notifications };
    },
    count: (what) => addTo(tally, what),
    fault: (error) => {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      found({ kind: 'fault', orderNumber: '', detail });
    },
    repaired: (ms) => {
      slowest = Math.max(slowest, ms);
    },
    ordered: ({ id, number, amountFen }) => {
      orders.push({ id, number, amountFen });
    },
    shown: ({ number: orderNumber, state, paidAt }) => {
      shown.push({ orderNumber, state, paid: paidAt !== null });
    },
    notified: (channel, id) => {
      notifications.add(notificationKey(channel, id));
    },
  };
}
