import type { OrderState } from '@shared/order-state';
import { orderStates } from '@shared/order-state';
import type { CheckSchedule } from './check-schedule';
import type { OrderRule } from './order-state';
import { orderRules } from './order-state';

/** A row of the table of order states in the documentation. */
export interface OrderRuleRow {
  state: OrderState;
  /** What each check of the order does, in English. */
  check: string;
  /** How often it is checked, such as `every 5 s until 15 s, then every 15 s`; empty if it is not. */
  interval: string;
  next: readonly OrderState[];
  /** When a person is called; empty if no one is called for an order in this state. */
  alert: string;
}

/** What each check does, and alerts that do not follow from the time in the state. */
const descriptions: Readonly<Record<OrderState, { check: string; alert?: string }>> = {
  created: {
    check:
      'Queries the payment channel. Closes the order there when it is cancelled or not paid in time.',
  },
  awaitingPayment: {
    check:
      'Queries the payment channel. Closes the order there when it is cancelled or not paid in time.',
  },
  paid: { check: 'Orders the package, unless the card platform was paid itself.' },
  delivering: { check: 'Queries the delivery at the card platform.' },
  deliveryUnknown: { check: 'Queries the delivery at the card platform.', alert: 'at once' },
  deliveryFailed: { check: 'Requests the refunds.' },
  refunding: {
    check: 'Follows its refunds, each of which has a job of its own.',
    alert: 'by its refunds',
  },
  refundFailed: {
    check: 'Follows its refunds, each of which has a job of its own.',
    alert: 'by its refunds',
  },
  reviewing: {
    check: 'Refunds the payment, unless the card platform delivered or may still deliver.',
    alert: 'when the rules must not decide',
  },
  delivered: { check: '' },
  closed: { check: 'Queries the payment channel for a late payment.' },
  refunded: { check: '' },
};

/** Describes the rules of all states, for the documentation. */
export function describeOrderRules(): OrderRuleRow[] {
  return orderStates.map((state) => {
    const rule = orderRules[state];
    const { check, alert } = descriptions[state];
    const alerts = [alert, describeStuck(rule)].filter((text) => text !== undefined);
    return {
      state,
      check,
      interval: describeSchedule(rule.checkSchedule),
      next: rule.to,
      alert: alerts.join('; '),
    };
  });
}

/** The transitions between states as a Mermaid state diagram. */
export function orderStateDiagram(): string {
  const transitions = orderStates.flatMap((state) => {
    const { to, final } = orderRules[state];
    const edges = to.map((next) => `  ${state} --> ${next}`);
    return final ? [...edges, `  ${state} --> [*]`] : edges;
  });
  return ['stateDiagram-v2', '  [*] --> created', ...transitions].join('\n');
}

function describeStuck({ stuck }: OrderRule): string | undefined {
  if (stuck === null) return undefined;
  const since = stuck.since === 'pay_before' ? 'after the last moment to pay' : 'in this state';
  return `${formatDuration(stuck.afterMs)} ${since}`;
}

function describeSchedule(schedule: CheckSchedule): string {
  return schedule
    .map(({ untilAgeMs, everyMs }) =>
      untilAgeMs === Infinity
        ? `every ${formatDuration(everyMs)}`
        : `every ${formatDuration(everyMs)} until ${formatDuration(untilAgeMs)}`,
    )
    .join(', then ');
}

/** A duration in the largest unit that is whole, such as `90 s` or `15 min`. */
function formatDuration(ms: number): string {
  if (ms % 3_600_000 === 0) return `${String(ms / 3_600_000)} h`;
  if (ms % 60_000 === 0) return `${String(ms / 60_000)} min`;
  return `${String(ms / 1_000)} s`;
}
