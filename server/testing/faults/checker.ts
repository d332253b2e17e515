import { beijingDate } from '@shared/beijing-time';
import type { OrderState } from '@shared/order-state';
import { isFinal } from '../../orders/order-state';

/** The ledgers of the channels and platforms: the only truth about money and packages. */
export interface Ledgers {
  /** Payments that the channels took. */
  payments: readonly { orderNumber: string; amountFen: number }[];
  /** Refunds that arrived. */
  refunds: readonly { orderNumber: string; amountFen: number; refundNumber?: string }[];
  /**
   * Packages that were put on cards, one entry each. `month`: the first instant of the billing month in which
   * it starts, if the ledger has it.
   */
  deliveries: readonly { orderNumber: string; month?: number }[];
}

interface RefundRecord {
  number: string;
  amountFen: number;
  done: boolean;
  byStaff: boolean;
  hasJob: boolean;
}

/** One order as our store has it. */
export interface OrderRecord {
  number: string;
  state: OrderState;
  amountFen: number;
  /** The first instant of the billing month in which the package was to start, epoch ms. */
  month: number;
  /** Sum of the captures. */
  capturedFen: number;
  refunds: readonly RefundRecord[];
  hasJob: boolean;
  hasAlert: boolean;
}

export interface OrderRecords {
  orders: readonly OrderRecord[];
  /** The `notificationKey` of every stored notification. */
  notifications: ReadonlySet<string>;
}

/** What the BFF has told customers and channels, who rely on it. */
export interface Acknowledged {
  /** Numbers of orders that were answered with 201. */
  orders: ReadonlySet<string>;
  /** Orders as later responses showed them. */
  shown: readonly { orderNumber: string; state: OrderState; paid: boolean }[];
  /** The `notificationKey` of every acknowledged notification. */
  notifications: ReadonlySet<string>;
}

export const findingKinds = [
  /** Money was taken, and neither delivered for nor refunded. */
  'lost',
  /** Two packages, or a package and a refund, for one payment. */
  'doubled',
  /** No job and no alert will ever lead to the order again. */
  'stranded',
  /** A package was delivered without a payment. */
  'unpaid',
  /** Our records and the ledgers differ. */
  'mismatch',
  /** A package starts in another billing month than the customer was shown. */
  'otherMonth',
  /** An order could still be paid after our store had closed it. */
  'payableAfterClose',
  /** Something that was acknowledged is not in the store. */
  'missing',
  /** Our records contradict themselves. */
  'inconsistent',
  /** Settled, but not within the promised time. */
  'slow',
  /** Two processes ran the same job at once. */
  'concurrentJob',
  /** The BFF failed where it should have refused. */
  'error',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  kind: FindingKind;
  /** Empty where the finding is about no order. */
  orderNumber: string;
  detail: string;
}

export function notificationKey(channel: string, id: string): string {
  return `${channel}|${id}`;
}

/** One order as the ledgers and our store have it. */
interface OrderCase {
  orderNumber: string;
  paidFen: number;
  refundedFen: number;
  /** How many packages were delivered. */
  deliveries: number;
  /** The billing months in which they start, as far as they are known. */
  months: readonly number[];
  records: OrderRecord;
}

function sumByOrder(entries: readonly { orderNumber: string; amountFen: number }[]) {
  const sums = new Map<string, number>();
  for (const { orderNumber, amountFen } of entries) {
    sums.set(orderNumber, (sums.get(orderNumber) ?? 0) + amountFen);
  }
  return sums;
}

type Rule = (order: OrderCase) => Omit<Finding, 'orderNumber'> | undefined;

function yuan(amountFen: number): string {
  return `¥${(amountFen / 100).toFixed(2)}`;
}

function sumOfRefunds(records: OrderRecord, which: (refund: RefundRecord) => boolean) {
  return records.refunds.filter(which).reduce((sum, { amountFen }) => sum + amountFen, 0);
}

/** Refunds that the staff gave as goodwill, in fen: an order may be delivered beside them. */
function goodwillFen(records: OrderRecord): number {
  return sumOfRefunds(records, ({ byStaff, done }) => byStaff && done);
}

/** Whether the order needs no further work, neither by a job nor by a person. */
function isFinished({ records }: OrderCase): boolean {
  const isRefunding = records.refunds.some(({ done }) => !done);
  return isFinal(records.state) && !isRefunding && !records.hasAlert;
}

const noDeliveryWithoutPayment: Rule = ({ deliveries, paidFen }) =>
  deliveries > 0 && paidFen === 0 ? { kind: 'unpaid', detail: 'delivered, never paid' } : undefined;

const deliveredOnce: Rule = ({ deliveries }) =>
  deliveries > 1 ? { kind: 'doubled', detail: `delivered ${String(deliveries)} times` } : undefined;

const deliveredAsShown: Rule = ({ months, records }) => {
  const other = months.find((month) => month !== records.month);
  if (other === undefined) return undefined;
  const detail = `starts in the month of ${beijingDate(other)} instead of ${beijingDate(records.month)}`;
  return { kind: 'otherMonth', detail };
};

const deliveredOrRefunded: Rule = ({ deliveries, paidFen, refundedFen, records }) => {
  const allowedFen = Math.max(0, paidFen - records.amountFen) + goodwillFen(records);
  return deliveries > 0 && refundedFen > allowedFen
    ? {
        kind: 'doubled',
        detail: `delivered, and ${yuan(refundedFen)} of ${yuan(paidFen)} refunded`,
      }
    : undefined;
};

const noUnearnedMoneyKept: Rule = (order) => {
  const { deliveries, paidFen, refundedFen, records } = order;
  if (!isFinished(order)) return undefined;
  const earnedFen = deliveries > 0 ? Math.max(records.amountFen - goodwillFen(records), 0) : 0;
  const keptFen = paidFen - refundedFen;
  if (keptFen > earnedFen) {
    const detail = `${records.state}: ${yuan(keptFen)} kept, ${yuan(earnedFen)} earned`;
    return { kind: 'lost', detail };
  }
  return deliveries > 0 && keptFen < earnedFen
    ? { kind: 'mismatch', detail: `delivered for ${yuan(keptFen)} instead of ${yuan(earnedFen)}` }
    : undefined;
};

const openOrderHasFollowUp: Rule = ({ records }) => {
  const isStranded = !isFinal(records.state) && !records.hasJob && !records.hasAlert;
  if (isStranded)
    return { kind: 'stranded', detail: `${records.state} without a job or an open alert` };
  const refund = records.refunds.some(({ done, hasJob }) => !done && !hasJob && !records.hasAlert);
  return refund
    ? { kind: 'stranded', detail: 'a refund without a job or an open alert' }
    : undefined;
};

const capturesMatch: Rule = ({ paidFen, records }) => {
  if (records.capturedFen > paidFen) {
    const detail = `${yuan(records.capturedFen)} in our records, ${yuan(paidFen)} at the channel`;
    return { kind: 'mismatch', detail };
  }
  return records.capturedFen < paidFen && !records.hasAlert
    ? { kind: 'lost', detail: `${yuan(paidFen - records.capturedFen)} taken and not recorded` }
    : undefined;
};

const refundsMatch: Rule = ({ refundedFen, records }) => {
  const doneFen = sumOfRefunds(records, (refund) => refund.done);
  const openFen = sumOfRefunds(records, (refund) => !refund.done);
  const matches = doneFen <= refundedFen && refundedFen <= doneFen + openFen;
  if (matches) return undefined;
  const detail = `${yuan(doneFen)} refunded in our records, ${yuan(refundedFen)} at the channel`;
  return { kind: 'mismatch', detail };
};

const finalStatesMatch: Rule = ({ deliveries, records }) => {
  if (records.state === 'delivered' && deliveries === 0) {
    return { kind: 'mismatch', detail: 'delivered in our records, not on the card' };
  }
  return deliveries > 0 &&
    (records.state === 'refunded' || records.state === 'closed') &&
    !records.hasAlert
    ? { kind: 'mismatch', detail: `${records.state} in our records, delivered in fact` }
    : undefined;
};

const rules: readonly Rule[] = [
  noDeliveryWithoutPayment,
  deliveredOnce,
  deliveredAsShown,
  deliveredOrRefunded,
  noUnearnedMoneyKept,
  openOrderHasFollowUp,
  capturesMatch,
  refundsMatch,
  finalStatesMatch,
];

function checkShown(
  cases: ReadonlyMap<string, OrderCase>,
  shown: Acknowledged['shown'],
): Finding[] {
  return shown.flatMap(({ orderNumber, state, paid }) => {
    const known = cases.get(orderNumber);
    if (!known) return [];
    const wrong =
      (paid && known.records.capturedFen === 0 && 'shown as paid') ||
      (state === 'delivered' && known.deliveries === 0 && 'shown as delivered') ||
      // A payment that is not recorded yet was not part of what the customer saw.
      (state === 'refunded' &&
        known.refundedFen < Math.min(known.paidFen, known.records.capturedFen) &&
        'shown as refunded');
    return wrong ? [{ kind: 'missing' as const, orderNumber, detail: `${wrong}, and is not` }] : [];
  });
}

/** Every refund at the channel must be one that our store has under its number. */
function checkRefundNumbers({ refunds }: Ledgers, { orders }: OrderRecords): Finding[] {
  const known = new Set(orders.flatMap((order) => order.refunds.map((refund) => refund.number)));
  return refunds.flatMap(({ orderNumber, refundNumber }) => {
    if (refundNumber === undefined || known.has(refundNumber)) return [];
    const detail = `the channel has refund ${refundNumber}, which our records do not have`;
    return [{ kind: 'mismatch' as const, orderNumber, detail }];
  });
}

function checkPresence(
  known: ReadonlySet<string>,
  numbers: Iterable<string>,
  detail: string,
): Finding[] {
  return [...new Set(numbers)]
    .filter((number) => !known.has(number))
    .map((orderNumber) => ({ kind: 'missing', orderNumber, detail }));
}

function buildCases(ledgers: Ledgers, { orders }: OrderRecords): Map<string, OrderCase> {
  const paid = sumByOrder(ledgers.payments);
  const refunded = sumByOrder(ledgers.refunds);
  const packages = sumByOrder(ledgers.deliveries.map((each) => ({ ...each, amountFen: 1 })));
  const months = new Map<string, number[]>();
  for (const { orderNumber, month } of ledgers.deliveries)
    if (month !== undefined) months.set(orderNumber, [...(months.get(orderNumber) ?? []), month]);
  return new Map(
    orders.map((records): [string, OrderCase] => [
      records.number,
      {
        orderNumber: records.number,
        records,
        paidFen: paid.get(records.number) ?? 0,
        refundedFen: refunded.get(records.number) ?? 0,
        deliveries: packages.get(records.number) ?? 0,
        months: months.get(records.number) ?? [],
      },
    ]),
  );
}

/**
 * Compares the ledgers of channels and platforms, our records, and what was acknowledged. An order in a
 * final state must balance; an order in any other state must have a job or an open alert.
 * @returns the discrepancies; empty if there are none
 */
export function check(
  ledgers: Ledgers,
  records: OrderRecords,
  acknowledged: Acknowledged,
): Finding[] {
  const cases = buildCases(ledgers, records);
  const byRule = [...cases.values()].flatMap((order) =>
    rules.flatMap((rule) => {
      const found = rule(order);
      return found ? [{ ...found, orderNumber: order.orderNumber }] : [];
    }),
  );
  const known = new Set(cases.keys());
  const inLedgers = [...ledgers.payments, ...ledgers.deliveries].map((each) => each.orderNumber);
  const unstoredNotifications = [...acknowledged.notifications]
    .filter((key) => !records.notifications.has(key))
    .map((key) => ({ kind: 'missing' as const, orderNumber: '', detail: `notification ${key}` }));
  return [
    ...byRule,
    ...checkRefundNumbers(ledgers, records),
    ...checkPresence(known, acknowledged.orders, 'acknowledged, and not in our records'),
    ...checkPresence(known, inLedgers, 'paid for or delivered, and not in our records'),
    ...checkShown(cases, acknowledged.shown),
    ...unstoredNotifications,
  ];
}

/**
 * Finds orders that are neither finished nor have an open alert, at a time by which all should be.
 * @param detail what should have happened by then
 */
export function checkFinished({ orders }: OrderRecords, detail: string): Finding[] {
  return orders
    .filter(({ state, refunds, hasAlert }) => {
      const hasEnded = isFinal(state) && refunds.every(({ done }) => done);
      return !hasEnded && !hasAlert;
    })
    .map(({ number, state }) => ({
      kind: 'slow',
      orderNumber: number,
      detail: `${state}: ${detail}`,
    }));
}
