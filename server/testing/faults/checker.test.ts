import type { Acknowledged, OrderRecords, OrderRecord, Ledgers } from './checker';
import { check, checkFinished, findingKinds, notificationKey } from './checker';

const number = 'LK202601010000000000000001';

const delivered: OrderRecord = {
  number,
  state: 'delivered',
  amountFen: 1800,
  capturedFen: 1800,
  refunds: [],
  hasJob: false,
  hasAlert: false,
};
const refund = {
  number: `${number}R1`,
  amountFen: 1800,
  done: true,
  byStaff: false,
  hasJob: false,
};
const refunded: OrderRecord = { ...delivered, state: 'refunded', refunds: [refund] };
const paidOnce = [{ orderNumber: number, amountFen: 1800 }];
const deliveredOnCard = { orderNumber: number };
const nothingAcknowledged: Acknowledged = {
  orders: new Set(),
  shown: [],
  notifications: new Set(),
};

function compare(
  order: OrderRecord | undefined,
  ledgers: Partial<Ledgers>,
  acknowledged: Partial<Acknowledged> = {},
) {
  const records: OrderRecords = { orders: order ? [order] : [], notifications: new Set() };
  const findings = check({ taken: [], returned: [], delivered: [], ...ledgers }, records, {
    ...nothingAcknowledged,
    ...acknowledged,
  });
  return findings.map(({ kind }) => kind);
}

describe('what fits', () => {
  test('a payment that was delivered once', () => {
    expect(compare(delivered, { taken: paidOnce, delivered: [deliveredOnCard] })).toEqual([]);
  });

  test('a payment that went back whole', () => {
    expect(compare(refunded, { taken: paidOnce, returned: paidOnce })).toEqual([]);
  });

  test('a second payment that went back beside a delivery', () => {
    const order = { ...delivered, capturedFen: 3600, refunds: [refund] };
    const taken = [...paidOnce, ...paidOnce];
    expect(compare(order, { taken, returned: paidOnce, delivered: [deliveredOnCard] })).toEqual([]);
  });

  test('a delivery of which the staff gave a part back', () => {
    const part = { ...refund, amountFen: 500, byStaff: true };
    const returned = [{ orderNumber: number, amountFen: 500 }];
    const order = { ...delivered, refunds: [part] };
    expect(compare(order, { taken: paidOnce, returned, delivered: [deliveredOnCard] })).toEqual([]);
  });

  test('an order on its way that somebody will look at', () => {
    const order = { ...delivered, state: 'delivering' as const, hasJob: true };
    expect(compare(order, { taken: paidOnce })).toEqual([]);
    expect(compare({ ...order, hasJob: false, hasAlert: true }, { taken: paidOnce })).toEqual([]);
  });
});

describe('what does not', () => {
  test('money that was taken for an order at rest and neither earned nor returned is lost', () => {
    const closed = { ...delivered, state: 'closed' as const, capturedFen: 0 };
    expect(compare(closed, { taken: paidOnce })).toContain('lost');
  });

  test('a second payment that is kept is lost', () => {
    const order = { ...delivered, capturedFen: 3600 };
    const taken = [...paidOnce, ...paidOnce];
    expect(compare(order, { taken, delivered: [deliveredOnCard] })).toEqual(['lost']);
  });

  test('two packages for one payment are one too many', () => {
    const both = { taken: paidOnce, delivered: [deliveredOnCard, deliveredOnCard] };
    expect(compare(delivered, both)).toEqual(['doubled']);
  });

  test('a package and the money for it are one too many, even where a person was called', () => {
    const both = { taken: paidOnce, returned: paidOnce, delivered: [deliveredOnCard] };
    expect(compare({ ...refunded, hasAlert: true }, both)).toEqual(['doubled']);
  });

  test('an order on its way without a job or an alert is stranded', () => {
    const order = { ...delivered, state: 'delivering' as const };
    expect(compare(order, { taken: paidOnce })).toEqual(['stranded']);
  });

  test('a refund on its way without a job is stranded', () => {
    const order = { ...refunded, refunds: [{ ...refund, done: false }] };
    expect(compare(order, { taken: paidOnce })).toEqual(['stranded']);
  });

  test('a package that nobody paid for is unpaid', () => {
    const closed = { ...delivered, state: 'closed' as const, capturedFen: 0 };
    expect(compare(closed, { delivered: [deliveredOnCard] })).toContain('unpaid');
  });

  test('a payment in the book that no channel took disagrees', () => {
    const order = { ...delivered, state: 'paid' as const, hasJob: true };
    expect(compare(order, {})).toEqual(['disagrees']);
  });

  test('a refund in the book that never arrived disagrees', () => {
    expect(compare(refunded, { taken: paidOnce })).toContain('disagrees');
  });

  test('a refund under a number of its own, which the book does not have, disagrees', () => {
    const returned = [{ orderNumber: number, amountFen: 1800, refundNumber: `${number}R2` }];
    expect(compare(refunded, { taken: paidOnce, returned })).toEqual(['disagrees']);
  });

  test('a delivery in the book that is on no card disagrees', () => {
    expect(compare(delivered, { taken: paidOnce })).toContain('disagrees');
  });

  test('an order that its customer was told of, or paid for, and that is nowhere is missing', () => {
    expect(compare(undefined, {}, { orders: new Set([number]) })).toEqual(['missing']);
    expect(compare(undefined, { taken: paidOnce })).toEqual(['missing']);
  });

  test('what people were shown and is not so is missing', () => {
    const closed = { ...delivered, state: 'closed' as const, capturedFen: 0 };
    const shown = [{ orderNumber: number, state: 'delivered' as const, paid: true }];
    expect(compare(closed, {}, { shown })).toEqual(['missing']);
  });

  test('a notification that was acknowledged and not stored is missing', () => {
    const notifications = new Set([notificationKey('wechatpay', 'event-1')]);
    expect(compare(undefined, {}, { notifications })).toEqual(['missing']);
  });

  test('what is open after its time is slow, unless a person was called', () => {
    const order = { ...delivered, state: 'delivering' as const, hasJob: true };
    const records = (hasAlert: boolean): OrderRecords => ({
      orders: [{ ...order, hasAlert }],
      notifications: new Set(),
    });
    expect(checkFinished(records(false), 'late').map(({ kind }) => kind)).toEqual(['slow']);
    expect(checkFinished(records(true), 'late')).toEqual([]);
  });
});

test('every kind of finding has a name of its own', () => {
  expect(new Set(findingKinds).size).toBe(findingKinds.length);
});
