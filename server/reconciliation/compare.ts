import type { OrderState } from '@shared/order-state';
import { isOwnOrderNumber } from '../orders/order-number';
import type { BillEntry, ListedOrder } from '../platforms/ports';
import type { DifferenceRow } from '../store/schema';

/** A payment or refund in our ledger: a payment by its transaction number, a refund by its own number. */
export interface LedgerEntry {
  orderNumber: string;
  reference: string;
  /** In fen. */
  amount: number;
  /** Whether the money has moved, as far as we know: a refund may only be requested so far. */
  isCompleted: boolean;
  /** Whether our ledger dates it to the day, so that the channel's bill must list it. */
  expected: boolean;
}

/** An order in our ledger, to be compared with the platform's list of orders. */
export interface LedgerOrder {
  number: string;
  state: OrderState;
  /** The sum of its captures, in fen. */
  capturedFen: number;
  /** Whether staff refunded it, and so accepted that a delivered package is not paid for. */
  waived: boolean;
  /** Whether it was paid on the day, so that the platform's list must contain it. */
  expected: boolean;
}

/** Our records of a day and those of channel and platform. Entries about orders of others are ignored. */
export interface DayRecords {
  /** The channel's bill of the day. */
  bill: readonly BillEntry[];
  /** Its bills of nearby days, which list what was dated differently around midnight. */
  adjacentBills: readonly BillEntry[];
  /** The card platforms' orders of the day. */
  listed: readonly ListedOrder[];
  /** Numbers of orders that were delivered, although the day's list does not say so. */
  deliveredOnOtherDays: ReadonlySet<string>;
  payments: readonly LedgerEntry[];
  refunds: readonly LedgerEntry[];
  orders: readonly LedgerOrder[];
}

type DifferenceKind = DifferenceRow['kind'];

export interface Difference {
  kind: DifferenceKind;
  orderNumber: string;
  /** The transaction or refund number; empty if the difference is about a delivery. */
  reference: string;
  /** The amounts in our records (`here`) and in theirs (`there`), in fen; null if there is no record. */
  hereFen: number | null;
  thereFen: number | null;
  /** Whether a new query to the channel or the platform may settle it without a person. */
  automatic: boolean;
}

/**
 * The result of comparing a day. For payments and for refunds, our total less theirs equals the sum of
 * the differences.
 */
export interface Comparison {
  takenHereFen: number;
  takenThereFen: number;
  returnedHereFen: number;
  returnedThereFen: number;
  differences: Difference[];
}

/** Compares our records of a day with the channel's bill and the platforms' lists of orders. */
export function compareDay(records: DayRecords): Comparison {
  const payments = comparePayments(records);
  const refunds = compareRefunds(records);
  return {
    takenHereFen: payments.here,
    takenThereFen: payments.there,
    returnedHereFen: refunds.here,
    returnedThereFen: refunds.there,
    differences: [
      ...payments.differences,
      ...refunds.differences,
      ...findUnreadableRows(records),
      ...findDeliveredUnpaid(records),
      ...findPaidUndelivered(records),
    ],
  };
}

interface BillLine {
  orderNumber: string;
  reference: string;
  amount: number;
}

interface LineComparison {
  here: number;
  there: number;
  differences: Difference[];
}

type ClassifyDifference = (
  line: BillLine,
  ledgerEntry: LedgerEntry | undefined,
) => Pick<Difference, 'kind' | 'automatic'>;

/** Our lines of one kind. What a bill lists twice becomes one line with the sum, which matches nothing. */
function toBillLines(entries: readonly BillEntry[], kind: BillEntry['kind']): BillLine[] {
  const lines = new Map<string, BillLine>();
  for (const entry of entries) {
    if (entry.kind !== kind || !isOwnOrderNumber(entry.orderNumber)) continue;
    const { orderNumber } = entry;
    const reference = referenceOf(entry);
    const key = `${orderNumber}|${reference}`;
    const amount = entry.amount + (lines.get(key)?.amount ?? 0);
    lines.set(key, { orderNumber, reference, amount });
  }
  return [...lines.values()];
}

/** The number by which both sides identify a payment or refund. */
export function referenceOf({ kind, transactionId, refundNumber }: BillEntry): string {
  return kind === 'refund' ? (refundNumber ?? '') : transactionId;
}

/** Rows of ours that cannot be read, one for each order number and reference. */
function unreadableRows({ bill }: Pick<DayRecords, 'bill'>): BillEntry[] {
  const rows = bill
    .filter(({ kind, orderNumber }) => kind === 'unreadable' && isOwnOrderNumber(orderNumber))
    .map((row) => [`${row.orderNumber} ${referenceOf(row)}`, row] as const);
  return [...new Map(rows).values()];
}

function findUnreadableRows(records: DayRecords): Difference[] {
  return unreadableRows(records).map(({ orderNumber, transactionId: reference }) => ({
    kind: 'billRowUnreadable',
    orderNumber,
    reference,
    hereFen: null,
    thereFen: null,
    automatic: false,
  }));
}

function comparePayments({ bill, adjacentBills, payments, orders }: DayRecords): LineComparison {
  const ours = new Set(orders.map(({ number }) => number));
  const nearby = toBillLines(adjacentBills, 'payment');
  const comparison = compareLines(toBillLines(bill, 'payment'), payments, (line, ledgerEntry) =>
    ledgerEntry
      ? { kind: 'amountDiffers', automatic: false }
      : { kind: 'paidThereNotHere', automatic: ours.has(line.orderNumber) },
  );
  return addMissingFromBill(comparison, { bill, nearby, rows: payments, kind: 'paidHereNotThere' });
}

function compareRefunds({ bill, adjacentBills, refunds, orders }: DayRecords): LineComparison {
  const ours = new Set(orders.map(({ number }) => number));
  const nearby = toBillLines(adjacentBills, 'refund');
  const comparison = compareLines(toBillLines(bill, 'refund'), refunds, (line, ledgerEntry) =>
    ledgerEntry
      ? {
          kind: 'refundDiffers',
          // The channel has paid a refund that our ledger knows as requested: the refund's job queries it.
          automatic: !ledgerEntry.isCompleted && ledgerEntry.amount === line.amount,
        }
      : // Made in the channel's console: a query confirms it, and it is recorded.
        { kind: 'refundedThereNotHere', automatic: ours.has(line.orderNumber) },
  );
  return addMissingFromBill(comparison, { bill, nearby, rows: refunds, kind: 'refundDiffers' });
}

function compareLines(
  lines: readonly BillLine[],
  rows: readonly LedgerEntry[],
  classify: ClassifyDifference,
): LineComparison {
  const byReference = new Map(rows.map((row) => [row.reference, row]));
  const comparison: LineComparison = { here: 0, there: 0, differences: [] };
  for (const line of lines) {
    const row = byReference.get(line.reference);
    const ledgerEntry = row?.orderNumber === line.orderNumber ? row : undefined;
    const hereFen = ledgerEntry?.isCompleted ? ledgerEntry.amount : null;
    comparison.here += hereFen ?? 0;
    comparison.there += line.amount;
    if (hereFen === line.amount) continue;
    const { orderNumber, reference, amount: thereFen } = line;
    comparison.differences.push({
      ...classify(line, ledgerEntry),
      orderNumber,
      reference,
      hereFen,
      thereFen,
    });
  }
  return comparison;
}

/** Adds what our ledger dates to the day and no bill lists. */
function addMissingFromBill(
  { here, there, differences }: LineComparison,
  missingFromBill: {
    bill: readonly BillEntry[];
    nearby: readonly BillLine[];
    rows: readonly LedgerEntry[];
    kind: DifferenceKind;
  },
): LineComparison {
  const { bill, nearby, rows, kind } = missingFromBill;
  const known = new Set([...bill.map(referenceOf), ...nearby.map(({ reference }) => reference)]);
  // What an unreadable row may be about is one difference already.
  const unreadable = new Set(unreadableRows({ bill }).map(({ orderNumber }) => orderNumber));
  const missing = rows.filter(
    ({ expected, isCompleted, reference, orderNumber }) =>
      expected && isCompleted && !known.has(reference) && !unreadable.has(orderNumber),
  );
  return {
    here: missing.reduce((sum, { amount }) => sum + amount, here),
    there,
    differences: [
      ...differences,
      ...missing.map(({ orderNumber, reference, amount: hereFen }) => ({
        kind,
        orderNumber,
        reference,
        hereFen,
        thereFen: null,
        automatic: false,
      })),
    ],
  };
}

/** What a state says about payment and delivery, as far as a comparison needs it. */
const deliveryStandings: Readonly<
  Record<OrderState, 'unpaid' | 'inProgress' | 'delivered' | 'refunding'>
> = {
  created: 'unpaid',
  awaitingPayment: 'unpaid',
  closed: 'unpaid',
  paid: 'inProgress',
  delivering: 'inProgress',
  deliveryUnknown: 'inProgress',
  reviewing: 'inProgress',
  delivered: 'delivered',
  deliveryFailed: 'refunding',
  refunding: 'refunding',
  refundFailed: 'refunding',
  refunded: 'refunding',
};

/** Orders that a platform delivered and that were not paid, or were refunded. */
function findDeliveredUnpaid({ listed, orders }: DayRecords): Difference[] {
  const byNumber = new Map(orders.map((order) => [order.number, order]));
  return listed.flatMap(({ orderNumber, delivered, amount }) => {
    if (!delivered || !isOwnOrderNumber(orderNumber)) return [];
    const order = byNumber.get(orderNumber);
    const standing = order && deliveryStandings[order.state];
    if (standing === 'delivered' || standing === 'inProgress' || order?.waived) return [];
    return [
      {
        kind: 'deliveredUnpaid' as const,
        orderNumber,
        reference: '',
        hereFen: order?.capturedFen ?? null,
        thereFen: amount,
        automatic: standing === 'unpaid',
      },
    ];
  });
}

/** Orders that were paid, are not being refunded, and were not delivered according to the platform. */
function findPaidUndelivered({ listed, deliveredOnOtherDays, orders }: DayRecords): Difference[] {
  const byNumber = new Map(listed.map((entry) => [entry.orderNumber, entry]));
  return orders.flatMap(({ number, state, capturedFen, expected }) => {
    const entry = byNumber.get(number);
    if (!expected && entry === undefined) return [];
    if (entry?.delivered || deliveredOnOtherDays.has(number)) return [];
    const standing = deliveryStandings[state];
    if (standing !== 'delivered' && standing !== 'inProgress') return [];
    return [
      {
        kind: 'paidUndelivered' as const,
        orderNumber: number,
        reference: '',
        hereFen: capturedFen,
        thereFen: entry?.amount ?? null,
        // The order's job settles what is in progress.
        automatic: standing === 'inProgress',
      },
    ];
  });
}
