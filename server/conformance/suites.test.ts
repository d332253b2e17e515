import { fen } from '@shared/money';
import type {
  CardPlatform,
  CardReport,
  ChannelNotification,
  DevicePlatform,
  PaymentGateway,
} from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { cardSuite, deviceSuite, paymentSuite, runChecks } from './index';
import type { CheckReport } from './index';
import {
  startMxchipFixture,
  startShingsouFixture,
  startWechatPayFixture,
} from './testing/adapter-fixtures';
import type { AdapterFixture } from './testing/adapter-fixtures';

/** Tests the suites: an adapter with a single fault must fail. */

function verdictsOf(checks: readonly CheckReport[]): string[] {
  return checks
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'missing')
    .map(({ method }) => method);
}

describe('the suite for cards finds', () => {
  let subject: AdapterFixture;
  beforeAll(async () => {
    subject = await startShingsouFixture();
  }, 30_000);
  afterAll(() => subject.close());

  const withReport =
    (alter: (report: CardReport) => Partial<CardReport>) =>
    (cards: CardPlatform): Partial<CardPlatform> => ({
      async report(ref) {
        const report = await cards.report(ref);
        return report && { ...report, ...alter(report) };
      },
    });

  const faults: [string, (cards: CardPlatform) => Partial<CardPlatform>, string[]][] = [
    ['a card that is found by only one of its numbers', findsByIccidAlone, ['find']],
    ['a card for a number no card has', findsAnything, ['find']],
    ['another card in the report', withReport(() => ({ ref: 'another' })), ['report']],
    ['volumes that do not add up', withReport(doubleUsed), ['report']],
    ['a package that ends before it begins', withReport(reverseDates), ['report']],
    ['an impossible expiry date', withReport(() => ({ expiresAt: 5 })), ['report']],
    ['a missing report', () => ({ report: () => Promise.resolve(undefined) }), ['report']],
    ['a duplicate package', doubleOffers, ['packagesOnSale']],
    ['a package without price and cost', withoutPrice, ['packagesOnSale']],
    ['a delivery of an unknown order', deliversUnknownOrder, ['delivery']],
    ['deliveries without a payment', listUnpaid, ['ordersOfDay']],
    ['an unusable answer', withoutOrderList, ['ordersOfDay']],
  ];

  test.each(faults)('%s', async (_fault, damage, methods) => {
    const { subject: cards, facts } = subject.cards!;
    const damaged = { ...cards, ...damage(cards) };
    const checks = await runChecks(cardSuite, { subject: damaged, facts, writes: false });
    expect(verdictsOf(checks)).toEqual(methods);
  });

  test('an order number that is not idempotent', async () => {
    const { subject: cards, facts } = subject.cards!;
    const damaged: CardPlatform = {
      ...cards,
      async ordersOfDay(day) {
        const orders = (await cards.ordersOfDay(day)) ?? [];
        return [...orders, ...orders];
      },
    };
    const checks = await runChecks(cardSuite, { subject: damaged, facts, writes: true });
    expect(verdictsOf(checks)).toEqual(['orderPackage']);
  });

  test('an unlisted status, and reports it as new instead of wrong', async () => {
    const { subject: cards, facts } = subject.cards!;
    const damaged = { ...cards, ...withReport(() => ({ carrierCode: '77' }))(cards) };
    const checks = await runChecks(cardSuite, { subject: damaged, facts, writes: false });
    expect(verdictsOf(checks)).toEqual([]);
    const newFindings = checks.flatMap((check) => check.new);
    expect(newFindings).toEqual([expect.stringMatching(/^carrierCode 77 of the carrier /)]);
  });
});

function findsByIccidAlone(cards: CardPlatform): Partial<CardPlatform> {
  return {
    find: (number) => (number.kind === 'iccid' ? cards.find(number) : Promise.resolve([])),
  };
}

function findsAnything(cards: CardPlatform): Partial<CardPlatform> {
  let known: Awaited<ReturnType<CardPlatform['find']>> = [];
  return {
    async find(number) {
      const found = await cards.find(number);
      if (found.length > 0) known = found;
      return known;
    },
  };
}

function doubleUsed({ usage }: CardReport): Partial<CardReport> {
  return { usage: usage && { ...usage, usedMb: usage.usedMb * 2 + 100 } };
}

function reverseDates({ packages }: CardReport): Partial<CardReport> {
  return { packages: packages.map((held) => ({ ...held, from: held.until, until: held.from })) };
}

function doubleOffers(cards: CardPlatform): Partial<CardPlatform> {
  return {
    async packagesOnSale(ref) {
      const { categories, offers } = await cards.packagesOnSale(ref);
      return { categories, offers: [...offers, ...offers.slice(0, 1)] };
    },
  };
}

function withoutPrice(cards: CardPlatform): Partial<CardPlatform> {
  return {
    async packagesOnSale(ref) {
      const { categories, offers } = await cards.packagesOnSale(ref);
      return { categories, offers: offers.map((offer) => ({ ...offer, price: null })) };
    },
  };
}

function deliversUnknownOrder(cards: CardPlatform): Partial<CardPlatform> {
  return {
    delivery: (order) =>
      order.orderNumber === 'LKCONFORM9999'
        ? Promise.resolve({ state: 'delivered', at: 0 })
        : cards.delivery(order),
  };
}

function listUnpaid(): Partial<CardPlatform> {
  const order = { orderNumber: 'LK1', packageId: 'p1', amount: fen(1) };
  return { ordersOfDay: () => Promise.resolve([{ ...order, paid: false, delivered: true }]) };
}

function withoutOrderList(): Partial<CardPlatform> {
  return { ordersOfDay: () => Promise.reject(new PlatformUnavailable('no list')) };
}

describe('the suite for payments finds', () => {
  let subject: AdapterFixture;
  beforeAll(async () => {
    subject = await startWechatPayFixture();
  }, 30_000);
  afterAll(() => subject.close());

  const forged: ChannelNotification = {
    id: '1',
    kind: 'payment',
    orderNumber: 'LKCONFORM9999',
    transactionId: null,
    signed: true,
  };

  const faults: [string, Partial<PaymentGateway>, string[]][] = [
    [
      'a payment of an unknown order',
      { queryPayment: () => Promise.resolve({ state: 'unpaid' }) },
      ['queryPayment', 'queryPayment'],
    ],
    ['an unknown refund', { queryRefund: () => Promise.resolve('done') }, ['queryRefund']],
    [
      'a transaction of another order',
      { queryTransaction: () => Promise.resolve(undefined) },
      ['queryPayment'],
    ],
    [
      'a refund without a number in the bill',
      {
        downloadBill: () =>
          Promise.resolve([
            {
              kind: 'refund',
              orderNumber: 'LK1',
              transactionId: '42',
              refundNumber: null,
              amount: fen(1),
            },
          ]),
      },
      ['downloadBill'],
    ],
    [
      'a forged notification that is trusted',
      { readNotification: () => Promise.resolve({ outcome: 'taken', notification: forged }) },
      ['readNotification'],
    ],
  ];

  test.each(faults)('%s', async (_fault, damage, methods) => {
    const { subject: payments, facts } = subject.payments!;
    const damaged = { ...payments, ...damage };
    const checks = await runChecks(paymentSuite, { subject: damaged, facts, writes: false });
    expect(verdictsOf(checks)).toEqual(methods);
  });

  const writeFaults: [string, (payments: PaymentGateway) => Partial<PaymentGateway>, string[]][] = [
    [
      'a refund without a payment',
      () => ({ refund: () => Promise.resolve({ outcome: 'done', value: 'done' }) }),
      ['refund', 'refund'],
    ],
    [
      'an order that is reported closed but is not',
      () => ({ closePayment: () => Promise.resolve({ outcome: 'done', value: null }) }),
      ['createPayment, closePayment'],
    ],
  ];

  test.each(writeFaults)('%s', async (_fault, damage, methods) => {
    const { subject: payments, facts } = subject.payments!;
    const order = facts.order && { ...facts.order, orderNumber: `LKCONF${methods.length}DEED` };
    const damaged = { ...payments, ...damage(payments) };
    const changed = { ...facts, order };
    const checks = await runChecks(paymentSuite, {
      subject: damaged,
      facts: changed,
      writes: true,
    });
    expect(verdictsOf(checks)).toEqual(methods);
  });
});

describe('the suite for devices finds', () => {
  let subject: AdapterFixture;
  beforeAll(async () => {
    subject = await startMxchipFixture();
  }, 30_000);
  afterAll(() => subject.close());

  const faults: [string, Partial<DevicePlatform>, string[]][] = [
    [
      'a known device reported absent',
      { find: () => Promise.resolve({ state: 'absent' }) },
      ['find'],
    ],
    ['holders of an unknown device', { holders: () => Promise.resolve([]) }, ['find, holders']],
  ];

  test.each(faults)('%s', async (_fault, damage, methods) => {
    const { subject: devices, facts } = subject.devices!;
    const damaged = { ...devices, ...damage };
    const checks = await runChecks(deviceSuite, { subject: damaged, facts, writes: false });
    expect(verdictsOf(checks)).toEqual(methods);
  });

  test('a device that still has holders after it was unbound', async () => {
    const { subject: devices, facts } = subject.devices!;
    const damaged: DevicePlatform = {
      ...devices,
      unbind: (id) =>
        id === facts.deviceId
          ? Promise.resolve({ outcome: 'done', value: null })
          : devices.unbind(id),
    };
    const checks = await runChecks(deviceSuite, { subject: damaged, facts, writes: true });
    expect(verdictsOf(checks)).toEqual(['unbind']);
  });
});

test('a check that changes something runs only if writes are enabled', async () => {
  let isRun = false;
  const check = {
    name: { 'zh-CN': '改动', en: 'A change' },
    method: 'change',
    writes: true,
    run: () => {
      isRun = true;
      return Promise.resolve();
    },
  };
  const [report] = await runChecks([check], { subject: null, facts: null, writes: false });
  expect([report?.verdict, isRun]).toEqual(['skipped', false]);
});
