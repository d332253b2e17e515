import type { Order } from '@shared/contract';
import type { Acknowledged, Finding } from '../checker';

/** Remembers what people were told, and what befell them. */
export interface Witness {
  /** An order was answered with 201, for a key of the customer's. */
  ordered(order: Order, key: string): void;
  /** An order was shown afterwards. */
  shown(order: Order): void;
  /** A notification was acknowledged, by its `notificationKey`. */
  taken(key: string): void;
  /** An answer that breaks the contract. */
  fault(detail: string): void;
  count(what: string): void;
  /** Somebody was answered, whatever. */
  answered(): void;
  /** Resolves after so many further answers. */
  answers(count: number): Promise<void>;
  acknowledged(): Acknowledged;
  findings(): Finding[];
  /** How often what happened. */
  counts(): Readonly<Record<string, number>>;
}

export function createWitness(): Witness {
  const orders = new Set<string>();
  const shown = new Map<string, Acknowledged['shown'][number]>();
  const notifications = new Set<string>();
  const numbers = new Map<string, string>();
  const findings: Finding[] = [];
  const counts: Record<string, number> = {};

  let heard = 0;
  let waiting: { until: number; resolve: () => void }[] = [];

  function see({ number, state, paidAt }: Order): void {
    const paid = paidAt !== null;
    shown.set(`${number} ${state} ${String(paid)}`, { orderNumber: number, state, paid });
  }

  return {
    ordered: (order, key) => {
      const before = numbers.get(key) ?? order.number;
      if (before !== order.number) {
        const detail = `the key of ${before} was answered with another order`;
        findings.push({ kind: 'doubled', orderNumber: order.number, detail });
      }
      numbers.set(key, before);
      orders.add(order.number);
      see(order);
    },
    shown: see,
    taken: (key) => notifications.add(key),
    fault: (detail) => findings.push({ kind: 'fault', orderNumber: '', detail }),
    count: (what) => {
      counts[what] = (counts[what] ?? 0) + 1;
    },
    answered: () => {
      heard += 1;
      for (const { until, resolve } of waiting) if (until <= heard) resolve();
      waiting = waiting.filter(({ until }) => until > heard);
    },
    answers: (count) =>
      new Promise((resolve) => {
        waiting.push({ until: heard + count, resolve });
      }),
    acknowledged: () => ({ orders, shown: [...shown.values()], notifications }),
    findings: () => findings,
    counts: () => counts,
  };
}
