import fc from 'fast-check';
import { fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import type { OperationName } from './operations';
import { done, startScriptedGateway } from './testing/gateway';
import type { ScriptedGateway } from './testing/gateway';
import * as specimens from './testing/specimens';
import { placed } from '../testing/placed';

/**
 * Damages one field of one answer, at random, and holds every port method to its promise: the truth, or
 * an honest "not known", never another value.
 */

const { ICCID, ACCESS_NUMBER, ORDER_NUMBER, REFUND_NUMBER } = specimens;

const whole: Partial<Record<OperationName, unknown>> = {
  code2session: { openid: 'o1', session_key: 's', unionid: 'u1' },
  flowCards: { total: 1, items: [specimens.listed] },
  flowCardDetail: specimens.detail,
  flowCardData: specimens.data,
  flowCardStatus: specimens.status,
  productCategories: specimens.categories,
  products: specimens.products,
  createPayment: specimens.registered,
  appletPay: specimens.paymentRequest,
  queryPayment: specimens.paidTrade,
  closePayment: { outTradeNo: ORDER_NUMBER },
  refund: specimens.refund,
  queryRefund: specimens.refund,
  orders: { total: 1, items: [specimens.platformOrder] },
  downloadBill: { total: 2, items: [specimens.billedPayment, specimens.billedRefund] },
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

function damage(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      if (index !== key) return [item];
      const damaged = damage(item, rest, by);
      return damaged === REMOVED ? [] : [damaged];
    });
  }
  const entries = Object.entries(value ?? {}).flatMap(([name, item]: [string, unknown]) => {
    if (name !== key) return [[name, item]];
    const damaged = damage(item, rest, by);
    return damaged === REMOVED ? [] : [[name, damaged]];
  });
  return Object.fromEntries(entries) as unknown;
}

/** What a method may say besides the truth, field by field. */
type Honest = (result: unknown, truth: unknown) => boolean;

function same(result: unknown, truth: unknown): boolean {
  return JSON.stringify(result) === JSON.stringify(truth);
}

function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : ['no list'];
}

/** Every item is one of the truth's. */
const fewer: Honest = (result, truth) =>
  itemsOf(result).every((item) => itemsOf(truth).some((real) => same(item, real)));

const fieldwise =
  (allowed: Readonly<Record<string, Honest>>): Honest =>
  (result, truth) =>
    Object.entries(truth as object).every(([name, real]: [string, unknown]) => {
      const said = (result as Record<string, unknown>)[name];
      return same(said, real) || (allowed[name]?.(said, real) ?? false);
    });

const isNull: Honest = (result) => result === null;
const isUnknown: Honest = (result) => result === 'unknown';
const anything: Honest = () => true;

const cards: Honest = (result, truth) =>
  itemsOf(result).every((card) =>
    itemsOf(truth).some((real) => fieldwise({ accessNumber: isNull })(card, real)),
  );

/** Using more than there was is a thing that happens: then nothing is left. */
const usage = fieldwise({ remainingMb: (said) => said === 0 });

const report = fieldwise({
  accessNumber: isNull,
  realName: isUnknown,
  usage: (said, truth) => said === null || usage(said, truth),
  expiresAt: isNull,
  packages: fewer,
  raw: anything,
});

/** An offer may lose a start that is not understood, and the shelf an offer. */
const offers: Honest = (said, truth) =>
  itemsOf(said).every((offer) =>
    itemsOf(truth).some((real) => fieldwise({ effective: fewer })(offer, real)),
  );
const catalogue = fieldwise({ categories: fewer, offers });

interface Case {
  method: string;
  answers: OperationName[];
  perform: (gateway: ScriptedGateway) => Promise<unknown>;
  honest: Honest;
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
  transactionId: specimens.paidTrade.transactionId,
  refundNumber: REFUND_NUMBER,
  paid: fen(1800),
  amount: fen(1800),
  reason: 'x',
};
const never: Honest = () => false;

const cases: Case[] = [
  {
    method: 'exchangeCode',
    answers: ['code2session'],
    perform: ({ shingsou }) => shingsou.identity.exchangeCode('code'),
    honest: fieldwise({ unionid: isNull }),
  },
  {
    method: 'find by access number',
    answers: ['flowCardDetail'],
    perform: ({ shingsou }) => shingsou.cards.find({ kind: 'accessNumber', value: ACCESS_NUMBER }),
    honest: never,
  },
  {
    method: 'find by the end of an ICCID',
    answers: ['flowCards'],
    perform: ({ shingsou }) =>
      shingsou.cards.find({ kind: 'iccidSuffix', value: ICCID.slice(-10) }),
    honest: cards,
  },
  {
    method: 'report',
    answers: ['flowCardDetail', 'flowCardData', 'flowCardStatus'],
    perform: ({ shingsou }) => shingsou.cards.report(ICCID),
    honest: report,
  },
  {
    method: 'packagesOnSale',
    answers: ['productCategories', 'products'],
    perform: ({ shingsou }) => shingsou.cards.packagesOnSale(ICCID),
    honest: catalogue,
  },
  {
    method: 'delivery',
    answers: ['orders'],
    perform: ({ shingsou }) => shingsou.cards.delivery(placed(ORDER_NUMBER)),
    honest: (said) => same(said, { state: 'absent' }),
  },
  {
    method: 'ordersOfDay',
    answers: ['orders'],
    perform: ({ shingsou }) => shingsou.cards.ordersOfDay('2026-03-01'),
    honest: never,
  },
  {
    method: 'orderPackage',
    answers: ['createPayment'],
    perform: ({ shingsou }) => shingsou.cards.orderPackage(order),
    honest: never,
  },
  {
    method: 'downloadBill',
    answers: ['downloadBill'],
    perform: ({ shingsou }) => shingsou.payments.downloadBill('2026-03-01'),
    honest: never,
  },
  {
    method: 'createPayment',
    answers: ['createPayment', 'appletPay'],
    perform: ({ shingsou }) => shingsou.payments.createPayment(order),
    honest: never,
  },
  {
    method: 'queryPayment',
    answers: ['queryPayment'],
    perform: ({ shingsou }) => shingsou.payments.queryPayment(ORDER_NUMBER),
    honest: fieldwise({ openid: isNull }),
  },
  {
    method: 'closePayment',
    answers: ['closePayment'],
    perform: ({ shingsou }) => shingsou.payments.closePayment(ORDER_NUMBER),
    honest: never,
  },
  {
    method: 'refund',
    answers: ['refund'],
    perform: ({ shingsou }) => shingsou.payments.refund(refund),
    honest: never,
  },
  {
    method: 'queryRefund',
    answers: ['queryRefund'],
    perform: ({ shingsou }) => shingsou.payments.queryRefund(REFUND_NUMBER),
    honest: never,
  },
];

let gateway: ScriptedGateway;
beforeAll(async () => {
  gateway = await startScriptedGateway();
});
afterAll(() => gateway.close());

function answerWhole(): void {
  for (const [name, data] of Object.entries(whole)) {
    gateway.answers[name as OperationName] = done(data);
  }
}

/** The result, or undefined where the method says that it does not know. */
async function say({ perform }: Case): Promise<unknown> {
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
      answerWhole();
      const truth = await say(each);
      expect(truth).toBeDefined();
      const damaged = fc.constantFrom(...each.answers).chain((name) =>
        fc.record({
          name: fc.constant(name),
          path: fc.constantFrom<Path>([], ...pathsOf(whole[name])),
          by: replacement,
        }),
      );
      await fc.assert(
        fc.asyncProperty(damaged, async ({ name, path, by }) => {
          answerWhole();
          const data = damage(whole[name], path, by);
          gateway.answers[name] = done(data === REMOVED ? undefined : data);
          const said = await say(each);
          return said === undefined || same(said, truth) || each.honest(said, truth);
        }),
        { numRuns: 200 },
      );
    },
  );
});
