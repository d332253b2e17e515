import type { Order } from '@shared/contract';
import type { Acknowledged, Finding } from '../checker';

/** Records what customers and channels were told, and counts the faults. */
export interface Observer {
  /** An order was acknowledged with 201, for an idempotency key. */
  recordOrder(order: Order, key: string): void;
  /** A later response showed an order. */
  recordShownOrder(order: Order): void;
  /** A notification was acknowledged, by its `notificationKey`. */
  recordAcknowledged(key: string): void;
  /** An answer that breaks the contract. */
  reportFailure(detail: string): void;
  count(what: string): void;
  /** A request was answered, with any status. */
  recordAnswer(): void;
  /** Resolves after `count` further answers. */
  waitForAnswers(count: number): Promise<void>;
  acknowledged(): Acknowledged;
  findings(): Finding[];
  /** How often each event was counted. */
  counts(): Readonly<Record<string, number>>;
}

export function createObserver(): Observer {
  const orders = new Set<string>();
  const shown = new Map<string, Acknowledged['shown'][number]>();
  const notifications = new Set<string>();
  const numbers = new Map<string, string>();
  const findings: Finding[] = [];
  const counts: Record<string, number> = {};

  let answerCount = 0;
  let waiting: { until: number; resolve: () => void }[] = [];

  function recordShownOrder({ number, state, paidAt }: Order): void {
    const paid = paidAt !== null;
    shown.set(`${number} ${state} ${String(paid)}`, { orderNumber: number, state, paid });
  }

  return {
    recordOrder: (order, key) => {
      const before = numbers.get(key) ?? order.number;
      if (before !== order.number) {
        const detail = `the key of ${before} was answered with another order`;
        findings.push({ kind: 'doubled', orderNumber: order.number, detail });
      }
      numbers.set(key, before);
      orders.add(order.number);
      recordShownOrder(order);
    },
    recordShownOrder,
    recordAcknowledged: (key) => notifications.add(key),
    reportFailure: (detail) => findings.push({ kind: 'error', orderNumber: '', detail }),
    count: (what) => {
      counts[what] = (counts[what] ?? 0) + 1;
    },
    recordAnswer: () => {
      answerCount += 1;
      for (const { until, resolve } of waiting) if (until <= answerCount) resolve();
      waiting = waiting.filter(({ until }) => until > answerCount);
    },
    waitForAnswers: (count) =>
      new Promise((resolve) => {
        waiting.push({ until: answerCount + count, resolve });
      }),
    acknowledged: () => ({ orders, shown: [...shown.values()], notifications }),
    findings: () => findings,
    counts: () => counts,
  };
}
