import { fen } from '@shared/money';
import {
  allowingFields,
  allowingItems,
  anyDeviation,
  corruptions,
  expectHonestResults,
  isNull,
  isPassedThrough,
  isSameJson,
  isZero,
  itemsOf,
  knownResult,
  noDeviation,
} from '../testing/corrupted-answers';
import type { AllowedDeviation, CorruptionCase } from '../testing/corrupted-answers';
import type { OperationName } from './operations';
import {
  respondJson,
  truncateResponse,
  respondSuccess,
  startScriptedDakashi,
  respondText,
} from './testing/scripted-dakashi';
import type { Handler, ScriptedDakashi } from './testing/scripted-dakashi';
import * as samples from './testing/samples';
import { orderedStart } from '../testing/ordered-start';

/**
 * Corrupts every field of every answer in every way. Each port method must return the original result or report
 * that it does not know, but never another card, state or amount.
 */

const { ICCID, SUFFIX, SERIAL, ORDER_NO, PRODUCT, PREPAID } = samples;

/** The intact data of each operation's answer. The answer of /recharge has no envelope. */
const completeAnswers: Partial<Record<OperationName, unknown>> = {
  memberInfo: samples.info,
  memberProducts: samples.heldProducts,
  products: samples.products,
  recharge: samples.recharged,
  orderInfo: samples.order,
  userInfo: samples.user,
  prepaidCard: samples.prepaid,
};

function answerWith(name: OperationName, value: unknown): Handler {
  return name === 'recharge' ? respondJson(value) : respondSuccess(value);
}

/** A state that no table lists is shown as unknown. */
const isUnlisted = (actual: unknown) => actual === 'dakashi:' || actual === 'dakashi:1/';

/** Zero is a volume the platform could mean. */
const usage: AllowedDeviation = (actual, expected) =>
  actual === null ||
  allowingFields({ totalMb: isZero, usedMb: isZero, remainingMb: isZero, asOf: anyDeviation })(
    actual,
    expected,
  );

const placedOrder = {
  orderNumber: 'LK20261122000001',
  cardRef: SERIAL,
  packageId: PRODUCT,
  ...orderedStart('now'),
} as const;

const cases: readonly CorruptionCase<ScriptedDakashi, OperationName>[] = [
  {
    method: 'find by ICCID',
    answers: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'iccid', value: ICCID }),
    allowed: noDeviation,
  },
  {
    method: 'find by the last digits of an ICCID',
    answers: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'iccidSuffix', value: SUFFIX }),
    allowed: noDeviation,
  },
  {
    method: 'find by a custom number',
    answers: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'customNumber', value: SERIAL }),
    allowed: noDeviation,
  },
  {
    method: 'report',
    answers: ['memberInfo', 'memberProducts'],
    optional: ['memberProducts'],
    perform: ({ dakashi }) => dakashi.cards.report(SERIAL),
    allowed: allowingFields({
      // "0" is the platform's state of a card that is off, or offline.
      carrierCode: (actual) =>
        isUnlisted(actual) || actual === 'dakashi:0' || actual === 'dakashi:1/0',
      usage,
      packages: allowingItems(
        allowingFields({
          dataMb: (actual) => isZero(actual, 0) || actual === null,
          name: isPassedThrough,
          from: isNull,
          until: isNull,
        }),
      ),
      raw: anyDeviation,
    }),
  },
  {
    method: 'packagesOnSale',
    answers: ['products'],
    perform: ({ dakashi }) => dakashi.cards.packagesOnSale(SERIAL),
    allowed: allowingFields({
      categories: (actual, expected) =>
        itemsOf(actual).every((category) =>
          [...itemsOf(expected), { id: '3-0', name: '跨月包' }].some((real) =>
            isSameJson(category, real),
          ),
        ),
      offers: allowingItems(
        allowingFields({
          id: isPassedThrough,
          name: isPassedThrough,
          cost: isZero,
          dataMb: (actual) => isZero(actual, 0) || actual === null,
          categoryId: (category) => category === '3-0',
        }),
      ),
    }),
  },
  {
    method: 'packageSnapshot',
    answers: ['memberProducts'],
    perform: ({ dakashi }) => dakashi.cards.packageSnapshot!(SERIAL, PRODUCT),
    allowed: (actual) => {
      const { count, rows } = JSON.parse(String(actual)) as { count: number; rows: unknown[] };
      return count === rows.length && count <= 1;
    },
  },
  {
    method: 'orderPackage',
    answers: ['recharge'],
    perform: ({ dakashi }) => dakashi.cards.orderPackage({ ...placedOrder, amount: fen(500) }),
    allowed: (actual) => {
      const { value } = actual as { value?: { reference: string } };
      return isPassedThrough(value?.reference);
    },
  },
  {
    method: 'delivery',
    answers: ['orderInfo'],
    perform: ({ dakashi }) =>
      dakashi.cards.delivery({ ...placedOrder, reference: ORDER_NO, snapshotBefore: null }),
    allowed: (actual) => isSameJson(actual, { state: 'pending' }),
  },
  {
    method: 'balance',
    answers: ['userInfo'],
    perform: ({ dakashi }) => dakashi.cards.balance!(),
    allowed: (actual) => actual === 0,
  },
  {
    method: 'prepaidCard',
    answers: ['prepaidCard'],
    perform: ({ dakashi }) => dakashi.actions.prepaidCard(PREPAID),
    allowed: allowingFields({
      password: isPassedThrough,
      name: isPassedThrough,
      dataMb: isZero,
      cost: isZero,
    }),
  },
];

const NOW = Date.UTC(2026, 10, 22, 4);

let platform: ScriptedDakashi;
beforeAll(async () => {
  platform = await startScriptedDakashi({
    clock: () => NOW,
    limits: { retries: 0, retryPause: 1, breakAfter: 1_000_000, totalTimeout: 5_000 },
  });
});
afterAll(() => platform.close());

function resetAnswers(): void {
  for (const [name, value] of Object.entries(completeAnswers) as [OperationName, unknown][]) {
    const answer = answerWith(name, value);
    platform.handlers[name] = (request, response) => {
      response.setHeader('date', new Date(NOW).toUTCString());
      answer(request, response);
    };
  }
}

describe.each(cases.map((each) => [each.method, each] as const))('%s', (_method, each) => {
  const perform = () => each.perform(platform);
  let expected: unknown;
  beforeAll(async () => {
    resetAnswers();
    expected = await knownResult(perform);
    expect(expected).toBeDefined();
  });

  it.each(corruptions)('returns no false value if a field is %s', async (_name, by) => {
    for (const name of each.answers) {
      const respond = (answer: unknown) => {
        resetAnswers();
        platform.handlers[name] = answerWith(name, answer);
      };
      const answer = completeAnswers[name];
      await expectHonestResults({ answer, respond, perform, expected, allowed: each.allowed }, by);
    }
  });

  it.each<[string, Handler]>([
    ['a web page', respondText('<html><body>502 Bad Gateway</body></html>')],
    ['a web page with an error', respondText('<html></html>', 500)],
    ['an empty body', respondText('')],
    ['a truncated response', truncateResponse],
    ['truncated JSON', respondText('{"errcode":0,"errmsg":"success","data":{"serial_no":')],
    ['a PHP notice before the JSON', respondText('<b>Notice</b>: x{"errcode":0,"data":{}}')],
    [
      'a body over the size limit',
      respondText(`{"errcode":0,"data":"${'x'.repeat(2 * 1024 * 1024)}"}`),
    ],
    ['success without data', respondJson({ errcode: 0, errmsg: 'success' })],
    ['a success code as text', respondJson({ errcode: 'success', data: {} })],
    ['no error code', respondJson({ errmsg: 'success', data: samples.info })],
    ['two error codes', respondText('{"errcode":55005,"errcode":0,"data":{}}')],
    ['未知异常', respondJson({ errcode: 50000, errmsg: '未知异常' })],
    ['an unlisted code', respondJson({ errcode: 56000, errmsg: '?' })],
    ['a refusal with HTTP 500', respondJson({ errcode: 55005, errmsg: 'x' }, 500)],
    ['a list as data', respondSuccess([])],
  ])('returns no result after %s', async (_name, answer) => {
    for (const name of each.answers) {
      if (each.optional?.includes(name)) continue;
      resetAnswers();
      platform.handlers[name] = answer;
      expect(await knownResult(perform)).toBeUndefined();
    }
  });
});

it.each<[string, Handler]>([
  ['that is lost', truncateResponse],
  ['with a web page', respondText('<html><body>502 Bad Gateway</body></html>')],
  ['with 未知异常', respondJson({ errcode: 50000, errmsg: '未知异常' })],
  ['that refuses the call', respondJson({ errcode: 55001, errmsg: '' })],
  ['with HTTP 404', respondText('Not Found', 404)],
  ['with a list as data', respondSuccess([])],
  ['without the names of the card', respondSuccess({ packages: [] })],
  ['whose packages are no list', respondSuccess({ ...samples.names, packages: 'none' })],
])('the report marks the packages as unreadable after an answer %s', async (_name, answer) => {
  resetAnswers();
  platform.handlers.memberProducts = answer;
  expect(await platform.dakashi.cards.report(SERIAL)).toMatchObject({
    ref: SERIAL,
    usage: { totalMb: 2048 },
    packages: [],
    unreadable: ['packages'],
  });
});
