import fc from 'fast-check';
import { fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import type { OperationName } from './operations';
import { respondSuccess, startScriptedGateway } from './testing/scripted-gateway';
import type { ScriptedGateway } from './testing/scripted-gateway';
import * as samples from './testing/samples';
import { placedOrder } from '../testing/placed-order';

/**
 * Damages one field of one answer, at random, and holds every port method to its promise: the truth, or
 * an honest "not known", never another value.
 */

const { ICCID, ACCESS_NUMBER, ORDER_NUMBER, REFUND_NUMBER } = samples;

const completeAnswers: Partial<Record<OperationName, unknown>> = {
  code2session: { openid: 'o1', session_key: 's', unionid: 'u1' },
  flowCards: { total: 1, items: [samples.listed] },
  flowCardDetail: samples.detail,
  flowCardData: samples.data,
  flowCardStatus: samples.status,
  productCategories: samples.categories,
  products: samples.products,
  createPayment: samples.registered,
  appletPay: samples.paymentRequest,
  queryPayment: samples.paidTrade,
  closePayment: { outTradeNo: ORDER_NUMBER },
  refund: samples.refund,
  queryRefund: samples.refund,
  orders: { total: 1, items: [samples.platformOrder] },
  downloadBill: { total: 2, items: [samples.billedPayment, samples.billedRefund] },
};

/** What stands in for a field. None of these is a value the platform could mean. */
const REMOVED = Symbol('removed');
const replacement = fc.constantFrom<unknown>(
  REMOVED,
  null,
  true,
  -1,
  1e300,
  '',
  '\u0000',
  '🙂'.repeat(400),
  [],
  {},
  [[null]],
  { toString: 'x' },
);

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path];
  if (Array.isArray(value)) {
    return [...here, ...value.flatMap((item, index) => pathsOf(item, [...path, index]))];
  }
  if (typeof value !== 'object' || value === null) return here;
  const fields = Object.entries(value);
  return [...here, ...fields.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function corruptField(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      if (index !== key) return [item];
      const corrupted = corruptField(item, rest, by);
      return corrupted === REMOVED ? [] : [corrupted];
    });
  }
  const entries = Object.entries(value ?? {}).flatMap(([name, item]: [string, unknown]) => {
    if (name !== key) return [[name, item]];
    const corrupted = corruptField(item, rest, by);
    return corrupted === REMOVED ? [] : [[name, corrupted]];
  });
  return Object.fromEntries(entries) as unknown;
}

/** What a method may say besides the truth, field by field. */
type AllowedDeviation = (result: unknown, expected: unknown) => boolean;

function isSameJson(result: unknown, expected: unknown): boolean {
  return JSON.stringify(result) === JSON.stringify(expected);
}

function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : ['no list'];
}

/** Every item is one of the truth's. */
const allowFewer: AllowedDeviation = (result, expected) =>
  itemsOf(result).every((item) => itemsOf(expected).some((real) => isSameJson(item, real)));

const allowingFields =
  (allowed: Readonly<Record<string, AllowedDeviation>>): AllowedDeviation =>
  (result, expected) =>
    Object.entries(expected as object).every(([name, real]: [string, unknown]) => {
      const actual = (result as Record<string, unknown>)[name];
      return isSameJson(actual, real) || (allowed[name]?.(actual, real) ?? false);
    });

const isNull: AllowedDeviation = (result) => result === null;
const isUnknown: AllowedDeviation = (result) => result === 'unknown';
const anyDeviation: AllowedDeviation = () => true;

const cards: AllowedDeviation = (result, expected) =>
  itemsOf(result).every((card) =>
    itemsOf(expected).some((real) => allowingFields({ accessNumber: isNull })(card, real)),
  );

/** Using more than there was is a thing that happens: then nothing is left. */
const usage = allowingFields({ remainingMb: (actual) => actual === 0 });

const report = allowingFields({
  accessNumber: isNull,
  realName: isUnknown,
  usage: (actual, expected) => actual === null || usage(actual, expected),
  expiresAt: isNull,
  packages: allowFewer,
  raw: anyDeviation,
});

/** An offer may lose a start that is not understood, and the shelf an offer. */
const offers: AllowedDeviation = (actual, expected) =>
  itemsOf(actual).every((offer) =>
    itemsOf(expected).some((real) => allowingFields({ effective: allowFewer })(offer, real)),
  );
const catalogue = allowingFields({ categories: allowFewer, offers });

interface Case {
  method: string;
  operations: OperationName[];
  perform: (gateway: ScriptedGateway) => Promise<unknown>;
  allowed: AllowedDeviation;
}

const order = {
  orderNumber: ORDER_NUMBER,
  cardRef: ICCID,
  packageId: 'p1',
  packageName: '2GB 月包',
  effective: 'now',
  amount: fen(1800),
  openid: 'o1',
  payBefore: Date.UTC(2026, 2, 1),
} as const;
const refund = {
  orderNumber: ORDER_NUMBER,
  transactionId: samples.paidTrade.transactionId,
  refundNumber: REFUND_NUMBER,
  paid: fen(1800),
  amount: fen(1800),
  reason: 'x',
};
const noDeviation: AllowedDeviation = () => false;

const cases: Case[] = [
  {
    method: 'exchangeCode',
    operations: ['code2session'],
    perform: ({ shingsou }) => shingsou.identity.exchangeCode('code'),
    allowed: allowingFields({ unionid: isNull }),
  },
  {
    method: 'find by access number',
    operations: ['flowCardDetail'],
    perform: ({ shingsou }) => shingsou.cards.find({ kind: 'accessNumber', value: ACCESS_NUMBER }),
    allowed: noDeviation,
  },
  {
    method: 'find by the end of an ICCID',
    operations: ['flowCards'],
    perform: ({ shingsou }) =>
      shingsou.cards.find({ kind: 'iccidSuffix', value: ICCID.slice(-10) }),
    allowed: cards,
  },
  {
    method: 'report',
    operations: ['flowCardDetail', 'flowCardData', 'flowCardStatus'],
    perform: ({ shingsou }) => shingsou.cards.report(ICCID),
    allowed: report,
  },
  {
    method: 'packagesOnSale',
    operations: ['productCategories', 'products'],
    perform: ({ shingsou }) => shingsou.cards.packagesOnSale(ICCID),
    allowed: catalogue,
  },
  {
    method: 'delivery',
    operations: ['orders'],
    perform: ({ shingsou }) => shingsou.cards.delivery(placedOrder(ORDER_NUMBER)),
    allowed: (actual) => isSameJson(actual, { state: 'absent' }),
  },
  {
    method: 'ordersOfDay',
    operations: ['orders'],
    perform: ({ shingsou }) => shingsou.cards.ordersOfDay('2026-03-01'),
    allowed: noDeviation,
  },
  {
    method: 'orderPackage',
    operations: ['createPayment'],
    perform: ({ shingsou }) => shingsou.cards.orderPackage(order),
    allowed: noDeviation,
  },
  {
    method: 'downloadBill',
    operations: ['downloadBill'],
    perform: ({ shingsou }) => shingsou.payments.downloadBill('2026-03-01'),
    allowed: noDeviation,
  },
  {
    method: 'createPayment',
    operations: ['createPayment', 'appletPay'],
    perform: ({ shingsou }) => shingsou.payments.createPayment(order),
    allowed: noDeviation,
  },
  {
    method: 'queryPayment',
    operations: ['queryPayment'],
    perform: ({ shingsou }) => shingsou.payments.queryPayment(ORDER_NUMBER),
    allowed: allowingFields({ openid: isNull }),
  },
  {
    method: 'closePayment',
    operations: ['closePayment'],
    perform: ({ shingsou }) => shingsou.payments.closePayment(ORDER_NUMBER),
    allowed: noDeviation,
  },
  {
    method: 'refund',
    operations: ['refund'],
    perform: ({ shingsou }) => shingsou.payments.refund(refund),
    allowed: noDeviation,
  },
  {
    method: 'queryRefund',
    operations: ['queryRefund'],
    perform: ({ shingsou }) => shingsou.payments.queryRefund(REFUND_NUMBER),
    allowed: noDeviation,
  },
];

let gateway: ScriptedGateway;
beforeAll(async () => {
  gateway = await startScriptedGateway();
});
afterAll(() => gateway.close());

function resetAnswers(): void {
  for (const [name, data] of Object.entries(completeAnswers)) {
    gateway.handlers[name as OperationName] = respondSuccess(data);
  }
}

/** The result, or undefined where the method says that it does not know. */
async function resultOf({ perform }: Case): Promise<unknown> {
  try {
    const result = await perform(gateway);
    const isUnknownOutcome =
      typeof result === 'object' &&
      result !== null &&
      'outcome' in result &&
      result.outcome === 'unknown';
    return isUnknownOutcome ? undefined : result;
  } catch (error) {
    if (error instanceof PlatformUnavailable) return undefined;
    throw error;
  }
}

describe('one damaged field', () => {
  it.each(cases.map((each) => [each.method, each] as const))(
    'never makes %s say what is not so',
    async (_method, each) => {
      resetAnswers();
      const expected = await resultOf(each);
      expect(expected).toBeDefined();
      const corrupted = fc.constantFrom(...each.operations).chain((name) =>
        fc.record({
          name: fc.constant(name),
          path: fc.constantFrom<Path>([], ...pathsOf(completeAnswers[name])),
          by: replacement,
        }),
      );
      await fc.assert(
        fc.asyncProperty(corrupted, async ({ name, path, by }) => {
          resetAnswers();
          const data = corruptField(completeAnswers[name], path, by);
          gateway.handlers[name] = respondSuccess(data === REMOVED ? undefined : data);
          const actual = await resultOf(each);
          return (
            actual === undefined || isSameJson(actual, expected) || each.allowed(actual, expected)
          );
        }),
        { numRuns: 200 },
      );
    },
  );
});
