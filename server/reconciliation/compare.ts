import type { OrderState } from '@shared/order-state';
import type { BillEntry, ListedOrder } from '../platforms/ports';
import type { DifferenceRow } from '../store/schema';

/** Money of our book as it is compared: a payment by its transaction number, a refund by its own. */
export interface LedgerEntry {
  orderNumber: string;
  reference: string;
  amount: number;
  /** Whether the money has moved as far as our book knows: a refund may only be promised yet. */
  isCompleted: boolean;
  /** Whether the book dates it to the day, so that the channel must list it. */
  expected: boolean;
}

/** An order of our book as it is compared with the platform's own list. */
export interface LedgerOrder {
  number: string;
  state: OrderState;
  /** What the channel took for it, in fen. */
  taken: number;
  /** Whether somebody of the staff gave the money back, and so knows what was delivered for nothing. */
  waived: boolean;
  /** Whether it was paid on the day, so that the platform must list it. */
  expected: boolean;
}

/** Both sides of a day. Entries about orders that are not ours are passed over. */
export interface DayRecords {
  /** The channel's bill of the day. */
  bill: readonly BillEntry[];
  /** Its bills of the days around: what sits across midnight is found there. */
  adjacentBills: readonly BillEntry[];
  /** The platform's orders of the day. */
  listed: readonly ListedOrder[];
  /** Orders it is known to have delivered, whatever day it made them on. */
  deliveredOnOtherDays: ReadonlySet<string>;
  payments: readonly LedgerEntry[];
  refunds: readonly LedgerEntry[];
  orders: readonly LedgerOrder[];
}

export type DifferenceKind = DifferenceRow['kind'];

export interface Difference {
  kind: DifferenceKind;
  orderNumber: string;
  /** The transaction or refund number it is about; empty where it is about a delivery. */
  reference: string;
  /** What each side says, in fen; null where it says nothing. */
  hereFen: number | null;
  thereFen: number | null;
  /** Whether the rules can settle it by themselves, by asking the channel or the platform again. */
  automatic: boolean;
}

/**
 * What a day's comparison found. Of payments and of refunds alike, what is here less what is there is
 * the sum of their differences.
 */
export interface Comparison {
  takenHereFen: number;
  takenThereFen: number;
  returnedHereFen: number;
  returnedThereFen: number;
  differences: Difference[];
}

/** As `newOrderNumber` makes them: `LK`, Beijing date and time, ten digits. */
const OWN_ORDER_NUMBER = /^LK\d{24}$/;

/** Whether an order number can be ours: a merchant's account may be shared with other shops. */
export function isOwnOrderNumber(orderNumber: string): boolean {
  return OWN_ORDER_NUMBER.test(orderNumber);
}

/** Compares our book with the channel's bill and the platform's orders of a day. */
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

/** Lines of one kind; what a bill lists twice is one line with the sum, which then fits nothing. */
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

/** The number by which both sides know some money. */
export function referenceOf({ kind, transactionId, refundNumber }: BillEntry): string {
  return kind === 'payment' ? transactionId : (refundNumber ?? '');
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

function compareRefunds({ bill, adjacentBills, refunds }: DayRecords): LineComparison {
  const nearby = toBillLines(adjacentBills, 'refund');
  const comparison = compareLines(toBillLines(bill, 'refund'), refunds, (line, ledgerEntry) => ({
    kind: 'refundDiffers',
    // The channel has done what our book only promises: its job learns that by asking.
    automatic:
      ledgerEntry !== undefined && !ledgerEntry.isCompleted && ledgerEntry.amount === line.amount,
  }));
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
      ...{ orderNumber, reference, hereFen, thereFen },
    });
  }
  return comparison;
}

/** Adds what the book dates to the day and no bill knows. */
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
  const missing = rows.filter(
    ({ expected, isCompleted: moved, reference }) => expected && moved && !known.has(reference),
  );
  return {
    here: missing.reduce((sum, { amount }) => sum + amount, here),
    there,
    differences: [
      ...differences,
      ...missing.map(({ orderNumber, reference, amount: hereFen }) => ({
        ...{ kind, orderNumber, reference, hereFen, thereFen: null, automatic: false },
      })),
    ],
  };
}

/** How an order stands towards its delivery. */
const deliveryStandings: Readonly<
  Record<OrderState, 'unpaid' | 'underWay' | 'delivered' | 'goingBack'>
> = {
  created: 'unpaid',
  awaitingPayment: 'unpaid',
  closed: 'unpaid',
  paid: 'underWay',
  delivering: 'underWay',
  deliveryUnknown: 'underWay',
  reviewing: 'underWay',
  delivered: 'delivered',
  deliveryFailed: 'goingBack',
  refunding: 'goingBack',
  refundFailed: 'goingBack',
  refunded: 'goingBack',
};

/** What the platform delivered that nobody paid for, or that the money of went back. */
function findDeliveredUnpaid({ listed, orders }: DayRecords): Difference[] {
  const byNumber = new Map(orders.map((order) => [order.number, order]));
  return listed.flatMap(({ orderNumber, delivered, amount }) => {
    if (!delivered || !isOwnOrderNumber(orderNumber)) return [];
    const order = byNumber.get(orderNumber);
    const standing = order && deliveryStandings[order.state];
    if (standing === 'delivered' || standing === 'underWay' || order?.waived) return [];
    return [
      {
        kind: 'deliveredUnpaid' as const,
        orderNumber,
        reference: '',
        hereFen: order?.taken ?? null,
        thereFen: amount,
        automatic: standing === 'unpaid',
      },
    ];
  });
}

/** What was paid on the day, is not on its way back, and the platform does not call delivered. */
function findPaidUndelivered({ listed, deliveredOnOtherDays, orders }: DayRecords): Difference[] {
  const byNumber = new Map(listed.map((entry) => [entry.orderNumber, entry]));
  return orders.flatMap(({ number, state, taken, expected }) => {
    const entry = byNumber.get(number);
    if (!expected && entry === undefined) return [];
    if (entry?.delivered || deliveredOnOtherDays.has(number)) return [];
    const standing = deliveryStandings[state];
    if (standing !== 'delivered' && standing !== 'underWay') return [];
    return [
      {
        kind: 'paidUndelivered' as const,
        orderNumber: number,
        reference: '',
        hereFen: taken,
        thereFen: entry?.amount ?? null,
        // The order's own clock sees to what is under way.
        automatic: standing === 'underWay',
      },
    ];
  });
}
