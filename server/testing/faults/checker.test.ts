import {
  type Acknowledged,
  check,
  checkFinished,
  findingKinds,
  type Ledgers,
  notificationKey,
  type OrderRecord,
  type OrderRecords,
} from './checker';

const number = 'LK202601010000000000000001';

const delivered: OrderRecord = {
  number,
  state: 'delivered',
  amountFen: 1800,
  month: Date.UTC(2026, 7, 31, 16),
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
const delivery = { orderNumber: number };
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
  const findings = check({ payments: [], refunds: [], deliveries: [], ...ledgers }, records, {
    ...nothingAcknowledged,
    ...acknowledged,
  });
  return findings.map(({ kind }) => kind);
}

describe('the checker accepts', () => {
  test('a payment that was delivered once', () => {
    expect(compare(delivered, { payments: paidOnce, deliveries: [delivery] })).toEqual([]);
  });

  test('a payment that was refunded in full', () => {
    expect(compare(refunded, { payments: paidOnce, refunds: paidOnce })).toEqual([]);
  });

  test('a second payment that was refunded beside a delivery', () => {
    const order = { ...delivered, capturedFen: 3600, refunds: [refund] };
    const payments = [...paidOnce, ...paidOnce];
    expect(compare(order, { payments, refunds: paidOnce, deliveries: [delivery] })).toEqual([]);
  });

  test('a delivery that the staff refunded in part', () => {
    const part = { ...refund, amountFen: 500, byStaff: true };
    const refunds = [{ orderNumber: number, amountFen: 500 }];
    const order = { ...delivered, refunds: [part] };
    expect(compare(order, { payments: paidOnce, refunds, deliveries: [delivery] })).toEqual([]);
  });

  test('an unfinished order with a job or an alert', () => {
    const order = { ...delivered, state: 'delivering' as const, hasJob: true };
    expect(compare(order, { payments: paidOnce })).toEqual([]);
    expect(compare({ ...order, hasJob: false, hasAlert: true }, { payments: paidOnce })).toEqual(
      [],
    );
  });
});

describe('the checker reports', () => {
  test('money kept for a closed order as lost', () => {
    const closed = { ...delivered, state: 'closed' as const, capturedFen: 0 };
    expect(compare(closed, { payments: paidOnce })).toContain('lost');
  });

  test('a second payment that is kept as lost', () => {
    const order = { ...delivered, capturedFen: 3600 };
    const payments = [...paidOnce, ...paidOnce];
    expect(compare(order, { payments, deliveries: [delivery] })).toEqual(['lost']);
  });

  test('two packages for one payment as doubled', () => {
    const both = { payments: paidOnce, deliveries: [delivery, delivery] };
    expect(compare(delivered, both)).toEqual(['doubled']);
  });

  test('a package that starts in another billing month than was shown', () => {
    const shown = [{ orderNumber: number, month: delivered.month }];
    expect(compare(delivered, { payments: paidOnce, deliveries: shown })).toEqual([]);
    const later = [{ orderNumber: number, month: Date.UTC(2026, 8, 30, 16) }];
    expect(compare(delivered, { payments: paidOnce, deliveries: later })).toEqual(['otherMonth']);
  });

  test('a package and its refund as doubled, even with an open alert', () => {
    const both = { payments: paidOnce, refunds: paidOnce, deliveries: [delivery] };
    expect(compare({ ...refunded, hasAlert: true }, both)).toEqual(['doubled']);
  });

  test('an unfinished order without a job or an alert as stranded', () => {
    const order = { ...delivered, state: 'delivering' as const };
    expect(compare(order, { payments: paidOnce })).toEqual(['stranded']);
  });

  test('an unfinished refund without a job as stranded', () => {
    const order = { ...refunded, refunds: [{ ...refund, done: false }] };
    expect(compare(order, { payments: paidOnce })).toEqual(['stranded']);
  });

  test('a package that was not paid for as unpaid', () => {
    const closed = { ...delivered, state: 'closed' as const, capturedFen: 0 };
    expect(compare(closed, { deliveries: [delivery] })).toContain('unpaid');
  });

  test('a recorded payment that no channel took as a mismatch', () => {
    const order = { ...delivered, state: 'paid' as const, hasJob: true };
    expect(compare(order, {})).toEqual(['mismatch']);
  });

  test('a recorded refund that never arrived as a mismatch', () => {
    expect(compare(refunded, { payments: paidOnce })).toContain('mismatch');
  });

  test('a refund at the channel under a number that is not recorded as a mismatch', () => {
    const refunds = [{ orderNumber: number, amountFen: 1800, refundNumber: `${number}R2` }];
    expect(compare(refunded, { payments: paidOnce, refunds })).toEqual(['mismatch']);
  });

  test('a recorded delivery that is on no card as a mismatch', () => {
    expect(compare(delivered, { payments: paidOnce })).toContain('mismatch');
  });

  test('an order that was acknowledged or paid, and is not stored, as missing', () => {
    expect(compare(undefined, {}, { orders: new Set([number]) })).toEqual(['missing']);
    expect(compare(undefined, { payments: paidOnce })).toEqual(['missing']);
  });

  test('an order that was shown as delivered, and is not, as missing', () => {
    const closed = { ...delivered, state: 'closed' as const, capturedFen: 0 };
    const shown = [{ orderNumber: number, state: 'delivered' as const, paid: true }];
    expect(compare(closed, {}, { shown })).toEqual(['missing']);
  });

  test('a notification that was acknowledged and not stored as missing', () => {
    const notifications = new Set([notificationKey('wechatpay', 'event-1')]);
    expect(compare(undefined, {}, { notifications })).toEqual(['missing']);
  });

  test('an order that is unfinished after its time as slow, unless it has an alert', () => {
    const order = { ...delivered, state: 'delivering' as const, hasJob: true };
    const records = (hasAlert: boolean): OrderRecords => ({
      orders: [{ ...order, hasAlert }],
      notifications: new Set(),
    });
    expect(checkFinished(records(false), 'late').map(({ kind }) => kind)).toEqual(['slow']);
    expect(checkFinished(records(true), 'late')).toEqual([]);
  });
});

test('the kinds of findings have distinct names', () => {
  expect(new Set(findingKinds).size).toBe(findingKinds.length);
});
