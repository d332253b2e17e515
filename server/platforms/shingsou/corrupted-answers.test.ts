import { fen } from '@shared/money';
import {
  allowingFields,
  allowingItems,
  anyDeviation,
  expectHonestRandomResults,
  invalidValues,
  isNull,
  isSameJson,
  isZero,
  knownResult,
  noDeviation,
} from '../testing/corrupted-answers';
import type { BillEntry, CardReport } from '../ports';
import type { AllowedDeviation, CorruptionCase } from '../testing/corrupted-answers';
import { placedOrder } from '../testing/placed-order';
import type { OperationName } from './operations';
import { respondSuccess, startScriptedGateway } from './testing/scripted-gateway';
import type { ScriptedGateway } from './testing/scripted-gateway';
import * as samples from './testing/samples';
import { orderedStart } from '../testing/ordered-start';

/** The order is missing; the platform's time of the answer is the test's own. */
function isAbsent(actual: unknown): boolean {
  const { platformTime, ...rest } = Object(actual) as Record<string, unknown>;
  return typeof platformTime === 'number' && isSameJson(rest, { state: 'absent' });
}

/**
 * Corrupts one field of one answer at random. Each port method must return the truth or report that it does
 * not know, but never another value.
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

const isUnknown: AllowedDeviation = (actual) => actual === 'unknown';
const allowFewer = allowingItems(noDeviation);
/** An entry that says that it is unreadable becomes a difference of the day, as one that is left out does. */
const isUnreadable: AllowedDeviation = (actual) => (actual as BillEntry).kind === 'unreadable';

/** Zero is left if more was used than the package had. */
const usage = allowingFields({ remainingMb: isZero });

/** A package on the card may lack its volume and its dates. */
const heldPackages = allowingItems(allowingFields({ dataMb: isNull, from: isNull, until: isNull }));

const reportFields = allowingFields({
  accessNumber: isNull,
  carrierCode: (actual) => actual === '',
  realName: isUnknown,
  usage: (actual, expected) => actual === null || usage(actual, expected),
  expiresAt: isNull,
  packages: heldPackages,
  raw: anyDeviation,
});

/** A report without a status says that it is unreadable. */
const report: AllowedDeviation = (actual, expected) => {
  const { carrierCode, unreadable = [] } = actual as CardReport;
  const isMarked = carrierCode !== '' || unreadable.includes('status');
  return isMarked && reportFields(actual, expected);
};

/** A catalogue may lack an offer, and an offer an invalid start. */
const catalogue = allowingFields({
  categories: allowFewer,
  offers: allowingItems(allowingFields({ effective: allowFewer, dataMb: isNull })),
});

const order = {
  orderNumber: ORDER_NUMBER,
  cardRef: ICCID,
  packageId: 'p1',
  packageName: '2GB 月包',
  ...orderedStart('now'),
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

const cases: readonly CorruptionCase<ScriptedGateway, OperationName>[] = [
  {
    method: 'exchangeCode',
    answers: ['code2session'],
    perform: ({ shingsou }) => shingsou.identity.exchangeCode('code'),
    allowed: allowingFields({ unionid: isNull }),
  },
  {
    method: 'find by access number',
    answers: ['flowCardDetail'],
    perform: ({ shingsou }) => shingsou.cards.find({ kind: 'accessNumber', value: ACCESS_NUMBER }),
    allowed: noDeviation,
  },
  {
    method: 'find by the last digits of an ICCID',
    answers: ['flowCards'],
    perform: ({ shingsou }) =>
      shingsou.cards.find({ kind: 'iccidSuffix', value: ICCID.slice(-10) }),
    allowed: allowingItems(allowingFields({ accessNumber: isNull })),
  },
  {
    method: 'report',
    answers: ['flowCardDetail', 'flowCardData', 'flowCardStatus'],
    perform: ({ shingsou }) => shingsou.cards.report(ICCID),
    allowed: report,
  },
  {
    method: 'packagesOnSale',
    answers: ['productCategories', 'products'],
    perform: ({ shingsou }) => shingsou.cards.packagesOnSale(ICCID),
    allowed: catalogue,
  },
  {
    method: 'delivery',
    answers: ['orders'],
    perform: ({ shingsou }) => shingsou.cards.delivery(placedOrder(ORDER_NUMBER)),
    allowed: (actual) => isAbsent(actual),
  },
  {
    method: 'ordersOfDay',
    answers: ['orders'],
    perform: ({ shingsou }) => shingsou.cards.ordersOfDay('2026-03-01'),
    // An order that is left out becomes a difference of the day.
    allowed: allowFewer,
  },
  {
    method: 'orderPackage',
    answers: ['createPayment'],
    perform: ({ shingsou }) => shingsou.cards.orderPackage(order),
    allowed: noDeviation,
  },
  {
    method: 'downloadBill',
    answers: ['downloadBill'],
    perform: ({ shingsou }) => shingsou.payments.downloadBill('2026-03-01'),
    allowed: allowingItems(isUnreadable),
  },
  {
    method: 'createPayment',
    answers: ['createPayment', 'appletPay'],
    perform: ({ shingsou }) => shingsou.payments.createPayment(order),
    allowed: noDeviation,
  },
  {
    method: 'queryPayment',
    answers: ['queryPayment'],
    perform: ({ shingsou }) => shingsou.payments.queryPayment(ORDER_NUMBER),
    allowed: allowingFields({ openid: isNull }),
  },
  {
    method: 'closePayment',
    answers: ['closePayment'],
    perform: ({ shingsou }) => shingsou.payments.closePayment(ORDER_NUMBER),
    allowed: noDeviation,
  },
  {
    method: 'refund',
    answers: ['refund'],
    perform: ({ shingsou }) => shingsou.payments.refund(refund),
    allowed: noDeviation,
  },
  {
    method: 'queryRefund',
    answers: ['queryRefund'],
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

it.each(cases.map((each) => [each.method, each] as const))(
  '%s stays honest if a field is corrupted',
  async (_method, each) => {
    resetAnswers();
    const perform = () => each.perform(gateway);
    const expected = await knownResult(perform);
    expect(expected).toBeDefined();
    const calls = each.answers.map((name) => ({
      answer: completeAnswers[name],
      respond(answer: unknown) {
        resetAnswers();
        gateway.handlers[name] = respondSuccess(answer);
      },
      perform,
      expected,
      allowed: each.allowed,
    }));
    await expectHonestRandomResults(calls, { values: invalidValues, numRuns: 200 });
  },
);
