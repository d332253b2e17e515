import { fen } from '@shared/money';
import fc from 'fast-check';
import { newOrderNumber } from '../orders/order-number';
import type { BillEntry, ListedOrder } from '../platforms/ports';
import type { LedgerEntry, LedgerOrder, Comparison, DayRecords, Difference } from './compare';
import { compareDay, isOwnOrderNumber } from './compare';

/** What may happen to one order of a day before the books are compared, and what must be found then. */
type Mishap =
  | 'none'
  | 'paymentMissingHere'
  | 'paymentMissingThere'
  | 'paymentDiffers'
  | 'paymentInNearbyBill'
  | 'paymentOfNeighbourDay'
  | 'refundMissingHere'
  | 'refundMissingThere'
  | 'refundDiffers'
  | 'refundPromisedOnly'
  | 'refundInNearbyBill'
  | 'deliveredUnpaid'
  | 'deliveredAndGoingBack'
  | 'deliveredAndWaived'
  | 'undeliveredThere'
  | 'unlistedThere'
  | 'unlistedButDelivered'
  | 'stillUnderWay';

const expectations: Readonly<Record<Mishap, readonly `${Difference['kind']} ${boolean}`[]>> = {
  none: [],
  paymentMissingHere: ['paidThereNotHere true', 'deliveredUnpaid true'],
  paymentMissingThere: ['paidHereNotThere false'],
  paymentDiffers: ['amountDiffers false'],
  paymentInNearbyBill: [],
  paymentOfNeighbourDay: [],
  refundMissingHere: ['refundDiffers false'],
  refundMissingThere: ['refundDiffers false'],
  refundDiffers: ['refundDiffers false'],
  refundPromisedOnly: ['refundDiffers true'],
  refundInNearbyBill: [],
  deliveredUnpaid: ['deliveredUnpaid true'],
  deliveredAndGoingBack: ['deliveredUnpaid false'],
  deliveredAndWaived: [],
  undeliveredThere: ['paidUndelivered false'],
  unlistedThere: ['paidUndelivered false'],
  unlistedButDelivered: [],
  stillUnderWay: ['paidUndelivered true'],
};

const mishaps = Object.keys(expectations) as Mishap[];

interface Case {
  mishap: Mishap;
  amount: number;
}

const cases = fc.array(
  fc.record({ mishap: fc.constantFrom(...mishaps), amount: fc.integer({ min: 2, max: 90_000 }) }),
  { maxLength: 30 },
);

const numberOf = (index: number) => `LK20260314120000${String(index).padStart(10, '0')}`;

/** Everything about one delivered and paid order, of which a part was given back. */
function flawless({ amount }: Case, index: number) {
  const orderNumber = numberOf(index);
  const transactionId = `42000${String(index)}`;
  const refundNumber = `${orderNumber}R1`;
  const back = Math.floor(amount / 2);
  const payment: LedgerEntry = {
    ...{ orderNumber, reference: transactionId, amount, isCompleted: true, expected: true },
  };
  const refund: LedgerEntry = { ...payment, reference: refundNumber, amount: back };
  const order: LedgerOrder = {
    ...{ number: orderNumber, state: 'delivered', taken: amount, waived: false, expected: true },
  };
  const paid: BillEntry = {
    ...{ kind: 'payment', orderNumber, transactionId, refundNumber: null, amount: fen(amount) },
  };
  const returned: BillEntry = { ...paid, kind: 'refund', refundNumber, amount: fen(back) };
  const listed: ListedOrder = {
    ...{ orderNumber, iccid: '8986', packageId: 'p', amount: fen(amount) },
    ...{ paid: true, delivered: true },
  };
  return { payment, refund, order, paid, returned, listed };
}

type Sides = { -readonly [Key in keyof DayRecords]: DayRecords[Key] };

function emptySides(): Sides {
  const none = { payments: [], refunds: [], orders: [] };
  return { bill: [], adjacentBills: [], listed: [], deliveredOnOtherDays: new Set(), ...none };
}

/** Puts an order with its mishap into the sides of the day. */
function place(sides: Sides, given: Case, index: number): Sides {
  const { mishap } = given;
  const { payment, refund, order, paid, returned, listed } = flawless(given, index);
  const is = (...some: Mishap[]) => some.includes(mishap);
  const pick = <Value>(unless: boolean, value: Value) => (unless ? [] : [value]);
  const unpaid = is('paymentMissingHere', 'deliveredUnpaid');
  const noPayment = is('deliveredUnpaid', 'paymentMissingThere', 'paymentInNearbyBill');
  const noRefundHere = is('refundMissingHere') || unpaid;
  const noRefundThere = is('refundMissingThere', 'refundInNearbyBill') || unpaid;
  const state = unpaid
    ? 'closed'
    : is('deliveredAndGoingBack', 'deliveredAndWaived')
      ? 'refunded'
      : is('stillUnderWay')
        ? 'deliveryUnknown'
        : 'delivered';
  return {
    bill: [
      ...sides.bill,
      ...pick(noPayment, { ...paid, amount: fen(paid.amount + (is('paymentDiffers') ? 1 : 0)) }),
      ...pick(noRefundThere, {
        ...returned,
        amount: fen(returned.amount + (is('refundDiffers') ? 1 : 0)),
      }),
    ],
    adjacentBills: [
      ...sides.adjacentBills,
      ...pick(!is('paymentInNearbyBill'), paid),
      ...pick(!is('refundInNearbyBill'), returned),
    ],
    listed: [
      ...sides.listed,
      ...pick(is('unlistedThere', 'unlistedButDelivered'), {
        ...listed,
        delivered: !is('undeliveredThere', 'stillUnderWay'),
      }),
    ],
    deliveredOnOtherDays: new Set([
      ...sides.deliveredOnOtherDays,
      ...pick(!is('unlistedButDelivered'), order.number),
    ]),
    payments: [
      ...sides.payments,
      ...pick(unpaid, { ...payment, expected: !is('paymentOfNeighbourDay') }),
    ],
    refunds: [
      ...sides.refunds,
      ...pick(noRefundHere, { ...refund, moved: !is('refundPromisedOnly') }),
    ],
    orders: [
      ...sides.orders,
      {
        ...order,
        state,
        taken: unpaid ? 0 : order.taken,
        waived: is('deliveredAndWaived'),
        expected: !unpaid,
      },
    ],
  };
}

function sidesOf(given: readonly Case[]): Sides {
  return given.reduce(place, emptySides());
}

const payments: readonly string[] = ['paidThereNotHere', 'paidHereNotThere', 'amountDiffers'];

function sumOf({ differences }: Comparison, isWanted: (kind: string) => boolean): number {
  return differences
    .filter(({ kind }) => isWanted(kind))
    .reduce((sum, { hereFen, thereFen }) => sum + (hereFen ?? 0) - (thereFen ?? 0), 0);
}

const sorted = (values: readonly string[]) => [...values].sort();

function shownOf(comparison: Comparison): string[] {
  return sorted(
    comparison.differences.map(
      ({ kind, orderNumber, automatic }) => `${orderNumber} ${kind} ${String(automatic)}`,
    ),
  );
}

describe('a comparison of a day', () => {
  test.each(mishaps)('of an order with %s finds just that', (mishap) => {
    const comparison = compareDay(sidesOf([{ mishap, amount: 1_800 }]));
    const found = comparison.differences.map(
      ({ kind, automatic }) => `${kind} ${String(automatic)}`,
    );
    expect(sorted(found)).toEqual(sorted(expectations[mishap]));
  });

  test('finds what befell each order, and nothing else, however many there are', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const expected = given.flatMap(({ mishap }, index) =>
          expectations[mishap].map((difference) => `${numberOf(index)} ${difference}`),
        );
        expect(shownOf(compareDay(sidesOf(given)))).toEqual(sorted(expected));
      }),
    );
  });

  test('explains the sums to the fen: what is here less what is there is what differs', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const comparison = compareDay(sidesOf(given));
        expect(comparison.takenHereFen - comparison.takenThereFen).toBe(
          sumOf(comparison, (kind) => payments.includes(kind)),
        );
        expect(comparison.returnedHereFen - comparison.returnedThereFen).toBe(
          sumOf(comparison, (kind) => kind === 'refundDiffers'),
        );
      }),
    );
  });

  test('does not depend on the order in which either side lists', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const sides = sidesOf(given);
        const reversed: DayRecords = {
          ...sides,
          bill: [...sides.bill].reverse(),
          listed: [...sides.listed].reverse(),
          payments: [...sides.payments].reverse(),
          refunds: [...sides.refunds].reverse(),
          orders: [...sides.orders].reverse(),
        };
        expect(shownOf(compareDay(reversed))).toEqual(shownOf(compareDay(sides)));
      }),
    );
  });

  test('passes over what other shops sell through the same merchant account', () => {
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
        const sides = sidesOf(given);
        const lines = others.map(([kind, orderNumber, amount], index): BillEntry => ({
          ...{ kind, orderNumber, amount: fen(amount), transactionId: `99${String(index)}` },
          refundNumber: kind === 'refund' ? `${orderNumber}-1` : null,
        }));
        const listed = others.map(([, orderNumber, amount]): ListedOrder => ({
          ...{ orderNumber, iccid: '8986', packageId: 'p', amount: fen(amount) },
          ...{ paid: true, delivered: true },
        }));
        const mixed = {
          ...sides,
          bill: [...lines, ...sides.bill],
          listed: [...listed, ...sides.listed],
        };
        expect(compareDay(mixed)).toEqual(compareDay(sides));
      }),
    );
  });

  test('does not take what a bill lists twice for one payment', () => {
    const sides = sidesOf([{ mishap: 'none', amount: 1_800 }]);
    const comparison = compareDay({ ...sides, bill: [...sides.bill, sides.bill[0]!] });
    expect(comparison.differences).toEqual([
      expect.objectContaining({ kind: 'amountDiffers', hereFen: 1_800, thereFen: 3_600 }),
    ]);
  });

  test('does not take a transaction for that of another order', () => {
    const sides = sidesOf([{ mishap: 'none', amount: 1_800 }]);
    const [paid, returned] = sides.bill;
    const moved = { ...paid!, orderNumber: numberOf(7) };
    const { differences } = compareDay({ ...sides, bill: [moved, returned!] });
    expect(differences).toEqual([
      expect.objectContaining({ kind: 'paidThereNotHere', orderNumber: numberOf(7) }),
    ]);
  });
});

test('an order number of ours is known by its form', () => {
  expect(isOwnOrderNumber(newOrderNumber(Date.UTC(2026, 2, 14)))).toBe(true);
  for (const other of ['', 'LK2026', '1217752501201407033233368018', `${numberOf(1)}R1`]) {
    expect(isOwnOrderNumber(other)).toBe(false);
  }
});
