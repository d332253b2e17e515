import fc from 'fast-check';
import { fen } from '@shared/money';
import { newOrderNumber } from '../orders/order-number';
import type { BillEntry, ListedOrder } from '../platforms/ports';
import type { Comparison, DayRecords, Difference, LedgerEntry, LedgerOrder } from './compare';
import { isOwnOrderNumber } from '../orders/order-number';
import { compareDay } from './compare';

/** What may be wrong with one order of a day. `expectations` lists the differences it must cause. */
type Fault =
  | 'none'
  | 'paymentMissingHere'
  | 'paymentMissingThere'
  | 'paymentDiffers'
  | 'paymentInNearbyBill'
  | 'paymentOfNeighbourDay'
  | 'refundMissingHere'
  | 'refundMissingThere'
  | 'refundDiffers'
  | 'refundRequestedOnly'
  | 'refundInNearbyBill'
  | 'deliveredUnpaid'
  | 'deliveredAndRefunded'
  | 'deliveredAndWaived'
  | 'undeliveredThere'
  | 'unlistedThere'
  | 'unlistedButDelivered'
  | 'stillInProgress'
  | 'unreadableThere';

const expectations: Readonly<Record<Fault, readonly `${Difference['kind']} ${boolean}`[]>> = {
  none: [],
  paymentMissingHere: ['paidThereNotHere true', 'deliveredUnpaid true'],
  paymentMissingThere: ['paidHereNotThere false'],
  paymentDiffers: ['amountDiffers false'],
  paymentInNearbyBill: [],
  paymentOfNeighbourDay: [],
  refundMissingHere: ['refundedThereNotHere true'],
  refundMissingThere: ['refundDiffers false'],
  refundDiffers: ['refundDiffers false'],
  refundRequestedOnly: ['refundDiffers true'],
  refundInNearbyBill: [],
  deliveredUnpaid: ['deliveredUnpaid true'],
  deliveredAndRefunded: ['deliveredUnpaid false'],
  deliveredAndWaived: [],
  undeliveredThere: ['paidUndelivered false'],
  unlistedThere: ['paidUndelivered false'],
  unlistedButDelivered: [],
  stillInProgress: ['paidUndelivered true'],
  unreadableThere: ['billRowUnreadable false'],
};

const faults = Object.keys(expectations) as Fault[];

interface Case {
  fault: Fault;
  amount: number;
}

const cases = fc.array(
  fc.record({ fault: fc.constantFrom(...faults), amount: fc.integer({ min: 2, max: 90_000 }) }),
  { maxLength: 30 },
);

const orderNumberAt = (index: number) => `LK20260314120000${String(index).padStart(10, '0')}`;

/** The records of both sides about one paid and delivered order that was refunded in part. */
function consistentRecords({ amount }: Case, index: number) {
  const orderNumber = orderNumberAt(index);
  const transactionId = `42000${String(index)}`;
  const refundNumber = `${orderNumber}R1`;
  const refundAmount = Math.floor(amount / 2);
  const payment: LedgerEntry = {
    orderNumber,
    reference: transactionId,
    amount,
    isCompleted: true,
    expected: true,
  };
  const refund: LedgerEntry = { ...payment, reference: refundNumber, amount: refundAmount };
  const order: LedgerOrder = {
    number: orderNumber,
    state: 'delivered',
    capturedFen: amount,
    waived: false,
    expected: true,
  };
  const paid: BillEntry = {
    kind: 'payment',
    orderNumber,
    transactionId,
    refundNumber: null,
    amount: fen(amount),
  };
  const returned: BillEntry = { ...paid, kind: 'refund', refundNumber, amount: fen(refundAmount) };
  const listed: ListedOrder = {
    orderNumber,
    packageId: 'p',
    amount: fen(amount),
    paid: true,
    delivered: true,
  };
  return { payment, refund, order, paid, returned, listed };
}

type MutableRecords = { -readonly [Key in keyof DayRecords]: DayRecords[Key] };

function emptyRecords(): MutableRecords {
  const none = { payments: [], refunds: [], orders: [] };
  return { bill: [], adjacentBills: [], listed: [], deliveredOnOtherDays: new Set(), ...none };
}

/** Adds an order with its fault to the records of both sides. */
function addCase(records: MutableRecords, given: Case, index: number): MutableRecords {
  const { fault } = given;
  const { payment, refund, order, paid, returned, listed } = consistentRecords(given, index);
  const hasFault = (...some: Fault[]) => some.includes(fault);
  const unless = <Value>(unless: boolean, value: Value) => (unless ? [] : [value]);
  const unpaid = hasFault('paymentMissingHere', 'deliveredUnpaid');
  const noPayment = hasFault(
    'deliveredUnpaid',
    'paymentMissingThere',
    'paymentInNearbyBill',
    'unreadableThere',
  );
  const noRefundHere = hasFault('refundMissingHere') || unpaid;
  const noRefundThere = hasFault('refundMissingThere', 'refundInNearbyBill') || unpaid;
  const state = unpaid
    ? 'closed'
    : hasFault('deliveredAndRefunded', 'deliveredAndWaived')
      ? 'refunded'
      : hasFault('stillInProgress')
        ? 'deliveryUnknown'
        : 'delivered';
  return {
    bill: [
      ...records.bill,
      ...unless(noPayment, {
        ...paid,
        amount: fen(paid.amount + (hasFault('paymentDiffers') ? 1 : 0)),
      }),
      // Of the payment's row only the order number can be read.
      ...unless(!hasFault('unreadableThere'), {
        ...paid,
        kind: 'unreadable',
        transactionId: '',
        amount: fen(0),
      } as const),
      ...unless(noRefundThere, {
        ...returned,
        amount: fen(returned.amount + (hasFault('refundDiffers') ? 1 : 0)),
      }),
    ],
    adjacentBills: [
      ...records.adjacentBills,
      ...unless(!hasFault('paymentInNearbyBill'), paid),
      ...unless(!hasFault('refundInNearbyBill'), returned),
    ],
    listed: [
      ...records.listed,
      ...unless(hasFault('unlistedThere', 'unlistedButDelivered'), {
        ...listed,
        delivered: !hasFault('undeliveredThere', 'stillInProgress'),
      }),
    ],
    deliveredOnOtherDays: new Set([
      ...records.deliveredOnOtherDays,
      ...unless(!hasFault('unlistedButDelivered'), order.number),
    ]),
    payments: [
      ...records.payments,
      ...unless(unpaid, { ...payment, expected: !hasFault('paymentOfNeighbourDay') }),
    ],
    refunds: [
      ...records.refunds,
      ...unless(noRefundHere, { ...refund, isCompleted: !hasFault('refundRequestedOnly') }),
    ],
    orders: [
      ...records.orders,
      {
        ...order,
        state,
        capturedFen: unpaid ? 0 : order.capturedFen,
        waived: hasFault('deliveredAndWaived'),
        expected: !unpaid,
      },
    ],
  };
}

function buildRecords(given: readonly Case[]): MutableRecords {
  return given.reduce(addCase, emptyRecords());
}

const paymentKinds: readonly string[] = ['paidThereNotHere', 'paidHereNotThere', 'amountDiffers'];

function sumDifferences({ differences }: Comparison, isWanted: (kind: string) => boolean): number {
  return differences
    .filter(({ kind }) => isWanted(kind))
    .reduce((sum, { hereFen, thereFen }) => sum + (hereFen ?? 0) - (thereFen ?? 0), 0);
}

const sorted = (values: readonly string[]) => [...values].sort();

function describeDifferences(comparison: Comparison): string[] {
  return sorted(
    comparison.differences.map(
      ({ kind, orderNumber, automatic }) => `${orderNumber} ${kind} ${String(automatic)}`,
    ),
  );
}

describe('a comparison of a day', () => {
  test.each(faults)('of an order with %s finds only that', (fault) => {
    const comparison = compareDay(buildRecords([{ fault, amount: 1_800 }]));
    const found = comparison.differences.map(
      ({ kind, automatic }) => `${kind} ${String(automatic)}`,
    );
    expect(sorted(found)).toEqual(sorted(expectations[fault]));
  });

  test('finds the faults of all orders, and nothing else', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const expected = given.flatMap(({ fault }, index) =>
          expectations[fault].map((difference) => `${orderNumberAt(index)} ${difference}`),
        );
        expect(describeDifferences(compareDay(buildRecords(given)))).toEqual(sorted(expected));
      }),
    );
  });

  test('explains the totals: ours less theirs equals the sum of the differences', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const comparison = compareDay(buildRecords(given));
        expect(comparison.takenHereFen - comparison.takenThereFen).toBe(
          sumDifferences(comparison, (kind) => paymentKinds.includes(kind)),
        );
        expect(comparison.returnedHereFen - comparison.returnedThereFen).toBe(
          sumDifferences(
            comparison,
            (kind) => kind === 'refundDiffers' || kind === 'refundedThereNotHere',
          ),
        );
      }),
    );
  });

  test('does not depend on the order of the records', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const records = buildRecords(given);
        const reversed: DayRecords = {
          ...records,
          bill: [...records.bill].reverse(),
          listed: [...records.listed].reverse(),
          payments: [...records.payments].reverse(),
          refunds: [...records.refunds].reverse(),
          orders: [...records.orders].reverse(),
        };
        expect(describeDifferences(compareDay(reversed))).toEqual(
          describeDifferences(compareDay(records)),
        );
      }),
    );
  });

  test('ignores what other shops sell through the same merchant account', () => {
    const foreign = fc.array(
      fc.tuple(
        fc.constantFrom<BillEntry['kind']>('payment', 'refund'),
        fc.stringMatching(/^[0-9A-KM-Z]{6,32}$/),
        fc.integer({ min: 1, max: 90_000 }),
      ),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(cases, foreign, (given, others) => {
        const records = buildRecords(given);
        const lines = others.map(([kind, orderNumber, amount], index): BillEntry => ({
          kind,
          orderNumber,
          amount: fen(amount),
          transactionId: `99${String(index)}`,
          refundNumber: kind === 'refund' ? `${orderNumber}-1` : null,
        }));
        const listed = others.map(([, orderNumber, amount]): ListedOrder => ({
          orderNumber,
          packageId: 'p',
          amount: fen(amount),
          paid: true,
          delivered: true,
        }));
        const mixed = {
          ...records,
          bill: [...lines, ...records.bill],
          listed: [...listed, ...records.listed],
        };
        expect(compareDay(mixed)).toEqual(compareDay(records));
      }),
    );
  });

  test('reports a payment that a bill lists twice', () => {
    const records = buildRecords([{ fault: 'none', amount: 1_800 }]);
    const comparison = compareDay({ ...records, bill: [...records.bill, records.bill[0]!] });
    expect(comparison.differences).toEqual([
      expect.objectContaining({ kind: 'amountDiffers', hereFen: 1_800, thereFen: 3_600 }),
    ]);
  });

  test('does not match a transaction with another order', () => {
    const records = buildRecords([{ fault: 'none', amount: 1_800 }]);
    const [paid, returned] = records.bill;
    const moved = { ...paid!, orderNumber: orderNumberAt(7) };
    const { differences } = compareDay({ ...records, bill: [moved, returned!] });
    expect(differences).toEqual([
      expect.objectContaining({ kind: 'paidThereNotHere', orderNumber: orderNumberAt(7) }),
    ]);
  });
});

test('our order numbers are recognized by their format', () => {
  expect(isOwnOrderNumber(newOrderNumber(Date.UTC(2026, 2, 14)))).toBe(true);
  for (const other of ['', 'LK2026', '1217752501201407033233368018', `${orderNumberAt(1)}R1`]) {
    expect(isOwnOrderNumber(other)).toBe(false);
  }
});
