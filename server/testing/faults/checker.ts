import type { OrderState } from '@shared/order-state';
import { isFinal } from '../../orders/order-state';

/** What the channels and platforms say of themselves: the only truth about money and packages. */
export interface Ledgers {
  /** Money the channels took. */
  taken: readonly { orderNumber: string; amountFen: number }[];
  /** Money that went back and arrived. */
  returned: readonly { orderNumber: string; amountFen: number; refundNumber?: string }[];
  /** Packages that went onto cards, one entry each. */
  delivered: readonly { orderNumber: string }[];
}

export interface RefundRecord {
  number: string;
  amountFen: number;
  done: boolean;
  byStaff: boolean;
  hasJob: boolean;
}

/** What our book says of one order. */
export interface OrderRecord {
  number: string;
  state: OrderState;
  amountFen: number;
  /** Sum of what the channel is said to have taken. */
  capturedFen: number;
  refunds: readonly RefundRecord[];
  hasJob: boolean;
  hasAlert: boolean;
}

export interface OrderRecords {
  orders: readonly OrderRecord[];
  /** Channel and id of every notification that is stored, as `notificationKey` writes them. */
  notifications: ReadonlySet<string>;
}

/** What people and channels were told and may rely upon. */
export interface Acknowledged {
  /** Numbers of orders that were answered with 201. */
  orders: ReadonlySet<string>;
  /** What people saw of orders afterwards. */
  shown: readonly { orderNumber: string; state: OrderState; paid: boolean }[];
  /** Notifications that were answered as taken, by `notificationKey`. */
  notifications: ReadonlySet<string>;
}

export const findingKinds = [
  /** Money was taken, and neither a package nor the money came of it. */
  'lost',
  /** Two packages, or a package and the money, for one payment. */
  'doubled',
  /** Nobody would ever look at the order again, or nothing ever comes of looking. */
  'stranded',
  /** A package nobody paid for. */
  'unpaid',
  /** Our book and the ledgers differ. */
  'disagrees',
  /** Money could still be taken for an order that the book had closed. */
  'open',
  /** Something that was acknowledged is not there. */
  'missing',
  /** The book contradicts itself. */
  'book',
  /** Settled, but not as soon as promised. */
  'slow',
  /** A job was run by two at once. */
  'overrun',
  /** The product failed where it should have refused. */
  'fault',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  kind: FindingKind;
  /** Empty where it is about no order. */
  orderNumber: string;
  detail: string;
}

export function notificationKey(channel: string, id: string): string {
  return `${channel}|${id}`;
}

/** One order as everybody knows it. Amounts in fen. */
interface OrderCase {
  orderNumber: string;
  taken: number;
  returned: number;
  delivered: number;
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

/** What the staff gave back of their own accord: it takes nothing away from what was delivered. */
function goodwill(records: OrderRecord): number {
  return sumOfRefunds(records, ({ byStaff, done }) => byStaff && done);
}

/** Nobody has to look at it any more, and nobody was called to. */
function isFinished({ records }: OrderCase): boolean {
  const refunding = records.refunds.some(({ done }) => !done);
  return isFinal(records.state) && !refunding && !records.hasAlert;
}

const noDeliveryWithoutPayment: Rule = ({ delivered, taken }) =>
  delivered > 0 && taken === 0 ? { kind: 'unpaid', detail: 'delivered, never paid' } : undefined;

const deliveredOnce: Rule = ({ delivered }) =>
  delivered > 1 ? { kind: 'doubled', detail: `delivered ${String(delivered)} times` } : undefined;

const deliveredOrReturned: Rule = ({ delivered, taken, returned, records }) => {
  const owed = Math.max(0, taken - records.amountFen) + goodwill(records);
  return delivered > 0 && returned > owed
    ? { kind: 'doubled', detail: `delivered, and ${yuan(returned)} of ${yuan(taken)} went back` }
    : undefined;
};

const noUnearnedMoneyKept: Rule = (order) => {
  const { delivered, taken, returned, records } = order;
  if (!isFinished(order)) return undefined;
  const due = delivered > 0 ? Math.max(records.amountFen - goodwill(records), 0) : 0;
  const kept = taken - returned;
  if (kept > due) {
    return { kind: 'lost', detail: `${records.state}: ${yuan(kept)} kept, ${yuan(due)} earned` };
  }
  return delivered > 0 && kept < due
    ? { kind: 'disagrees', detail: `delivered for ${yuan(kept)} instead of ${yuan(due)}` }
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

const capturesAgree: Rule = (order) => {
  const { taken, records } = order;
  if (records.capturedFen > taken) {
    const detail = `the book has ${yuan(records.capturedFen)} taken, the channel ${yuan(taken)}`;
    return { kind: 'disagrees', detail };
  }
  return records.capturedFen < taken && !records.hasAlert
    ? { kind: 'lost', detail: `${yuan(taken - records.capturedFen)} taken and not in the book` }
    : undefined;
};

const refundsAgree: Rule = ({ returned, records }) => {
  const done = sumOfRefunds(records, (refund) => refund.done);
  const open = sumOfRefunds(records, (refund) => !refund.done);
  const agrees = done <= returned && returned <= done + open;
  return agrees
    ? undefined
    : { kind: 'disagrees', detail: `${yuan(done)} back by the book, ${yuan(returned)} in fact` };
};

const finalStatesAgree: Rule = ({ delivered, records }) => {
  if (records.state === 'delivered' && delivered === 0) {
    return { kind: 'disagrees', detail: 'delivered by the book, not on the card' };
  }
  return delivered > 0 &&
    (records.state === 'refunded' || records.state === 'closed') &&
    !records.hasAlert
    ? { kind: 'disagrees', detail: `${records.state} by the book, delivered in fact` }
    : undefined;
};

const rules: readonly Rule[] = [
  noDeliveryWithoutPayment,
  deliveredOnce,
  deliveredOrReturned,
  noUnearnedMoneyKept,
  openOrderHasFollowUp,
  capturesAgree,
  refundsAgree,
  finalStatesAgree,
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
      (state === 'delivered' && known.delivered === 0 && 'shown as delivered') ||
      // What came after that, and nobody told of, is another matter.
      (state === 'refunded' &&
        known.returned < Math.min(known.taken, known.records.capturedFen) &&
        'shown as refunded');
    return wrong ? [{ kind: 'missing' as const, orderNumber, detail: `${wrong}, and is not` }] : [];
  });
}

/** A refund under a number the book does not have was asked for by nobody who will answer for it. */
function checkRefundNumbers({ returned }: Ledgers, { orders }: OrderRecords): Finding[] {
  const known = new Set(orders.flatMap(({ refunds }) => refunds.map((refund) => refund.number)));
  return returned.flatMap(({ orderNumber, refundNumber }) => {
    if (refundNumber === undefined || known.has(refundNumber)) return [];
    const detail = `the channel gave back under ${refundNumber}, which the book does not have`;
    return [{ kind: 'disagrees' as const, orderNumber, detail }];
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

/**
 * Compares the ledgers of channels and platforms, our book, and what was acknowledged. What is said of
 * an order at rest holds for good; an order on its way must have somebody who will look at it.
 * @returns what does not fit; empty if everything does
 */
export function check(
  ledgers: Ledgers,
  records: OrderRecords,
  acknowledged: Acknowledged,
): Finding[] {
  const taken = sumByOrder(ledgers.taken);
  const returned = sumByOrder(ledgers.returned);
  const packages = sumByOrder(ledgers.delivered.map((each) => ({ ...each, amountFen: 1 })));
  const cases = new Map(
    records.orders.map((order): [string, OrderCase] => [
      order.number,
      {
        orderNumber: order.number,
        records: order,
        taken: taken.get(order.number) ?? 0,
        returned: returned.get(order.number) ?? 0,
        delivered: packages.get(order.number) ?? 0,
      },
    ]),
  );
  const byRule = [...cases.values()].flatMap((order) =>
    rules.flatMap((rule) => {
      const found = rule(order);
      return found ? [{ ...found, orderNumber: order.orderNumber }] : [];
    }),
  );
  const known = new Set(cases.keys());
  const unstoredNotifications = [...acknowledged.notifications]
    .filter((key) => !records.notifications.has(key))
    .map((key) => ({ kind: 'missing' as const, orderNumber: '', detail: `notification ${key}` }));
  return [
    ...byRule,
    ...checkRefundNumbers(ledgers, records),
    ...checkPresence(known, acknowledged.orders, 'its customer was told it exists'),
    ...checkPresence(known, [...taken.keys(), ...packages.keys()], 'paid for, and not in the book'),
    ...checkShown(cases, acknowledged.shown),
    ...unstoredNotifications,
  ];
}

/**
 * What is still on its way although nobody was called: for a time when all of it should have ended.
 * @param detail what should have happened by then
 */
export function checkFinished({ orders }: OrderRecords, detail: string): Finding[] {
  return orders
    .filter(({ state, refunds, hasAlert }) => {
      const ended = isFinal(state) && refunds.every(({ done }) => done);
      return !ended && !hasAlert;
    })
    .map(({ number, state }) => ({
      kind: 'slow',
      orderNumber: number,
      detail: `${state}: ${detail}`,
    }));
}
