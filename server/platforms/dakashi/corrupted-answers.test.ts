import { fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import type { OperationName } from './operations';
import {
  respondJson,
  truncateResponse,
  respondSuccess,
  startScriptedDakashi,
  respondText,
} from './testing/scripted-dakashi';
import type { Handler, ScriptedDakashi } from './testing/scripted-dakashi';
import {
  REMOVED,
  anyDeviation,
  corruptField,
  corruptions,
  allowingFields,
  isPassedThrough,
  isZero,
  itemsOf,
  noDeviation,
  pathsOf,
  isSameJson,
} from './testing/corruption';
import type { AllowedDeviation } from './testing/corruption';
import * as samples from './testing/samples';

/**
 * Damages every field of every answer in every way of a table, and holds each port method to its promise:
 * the truth, or an honest "not known", never another card, state or amount.
 */

const { ICCID, SUFFIX, SERIAL, ORDER_NO, PRODUCT, PREPAID } = samples;

/** What each operation answers, whole; /recharge without an envelope around it. */
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

/** A state that no table has is shown as unknown. */
const isUnlisted = (actual: unknown) => actual === 'dakashi:' || actual === 'dakashi:1/';

/** More used than there was is a thing that happens; so is a state of the platform's own, "0". */
const usage: AllowedDeviation = (actual, expected) =>
  actual === null ||
  allowingFields({ totalMb: isZero, usedMb: isZero, remainingMb: isZero, asOf: anyDeviation })(
    actual,
    expected,
  );

interface Case {
  method: string;
  operations: OperationName[];
  perform: (platform: ScriptedDakashi) => Promise<unknown>;
  allowed: AllowedDeviation;
}

const placedOrder = {
  orderNumber: 'LK20261122000001',
  cardRef: SERIAL,
  packageId: PRODUCT,
  effective: 'now',
} as const;

const cases: Case[] = [
  {
    method: 'find by ICCID',
    operations: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'iccid', value: ICCID }),
    allowed: noDeviation,
  },
  {
    method: 'find by the end of an ICCID',
    operations: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'iccidSuffix', value: SUFFIX }),
    allowed: noDeviation,
  },
  {
    method: 'find by a number of the shop’s',
    operations: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'customNumber', value: SERIAL }),
    allowed: noDeviation,
  },
  {
    method: 'report',
    operations: ['memberInfo', 'memberProducts'],
    perform: ({ dakashi }) => dakashi.cards.report(SERIAL),
    allowed: allowingFields({
      // "0" is what the platform says of a card that is off, or kept offline.
      carrierCode: (actual) =>
        isUnlisted(actual) || actual === 'dakashi:0' || actual === 'dakashi:1/0',
      usage,
      packages: (actual, expected) =>
        itemsOf(actual).every((held) =>
          itemsOf(expected).some((real) =>
            allowingFields({ dataMb: isZero, name: isPassedThrough })(held, real),
          ),
        ),
      raw: anyDeviation,
    }),
  },
  {
    method: 'packagesOnSale',
    operations: ['products'],
    perform: ({ dakashi }) => dakashi.cards.packagesOnSale(SERIAL),
    allowed: allowingFields({
      categories: (actual, expected) =>
        itemsOf(actual).every((category) =>
          [...itemsOf(expected), { id: '3-0', name: '跨月包' }].some((real) =>
            isSameJson(category, real),
          ),
        ),
      offers: (actual, expected) =>
        itemsOf(actual).every((offer) =>
          itemsOf(expected).some((real) =>
            allowingFields({
              id: isPassedThrough,
              name: isPassedThrough,
              cost: isZero,
              dataMb: isZero,
              categoryId: (category) => category === '3-0',
            })(offer, real),
          ),
        ),
    }),
  },
  {
    method: 'holdings',
    operations: ['memberProducts'],
    perform: ({ dakashi }) => dakashi.cards.packageSnapshot!(SERIAL, PRODUCT),
    allowed: (actual) => {
      const { count, rows } = JSON.parse(String(actual)) as { count: number; rows: unknown[] };
      return count === rows.length && count <= 1;
    },
  },
  {
    method: 'orderPackage',
    operations: ['recharge'],
    perform: ({ dakashi }) => dakashi.cards.orderPackage({ ...placedOrder, amount: fen(500) }),
    allowed: (actual) => {
      const { value } = actual as { value?: { reference: string } };
      return isPassedThrough(value?.reference);
    },
  },
  {
    method: 'delivery',
    operations: ['orderInfo'],
    perform: ({ dakashi }) =>
      dakashi.cards.delivery({ ...placedOrder, reference: ORDER_NO, snapshotBefore: null }),
    allowed: (actual) => isSameJson(actual, { state: 'pending' }),
  },
  {
    method: 'balance',
    operations: ['userInfo'],
    perform: ({ dakashi }) => dakashi.cards.balance!(),
    allowed: (actual) => actual === 0,
  },
  {
    method: 'prepaidCard',
    operations: ['prepaidCard'],
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

/** The result, or undefined where the method says that it does not know. */
async function resultOf({ perform }: Case): Promise<unknown> {
  try {
    const result = await perform(platform);
    const isUnknown =
      typeof result === 'object' &&
      result !== null &&
      'outcome' in result &&
      result.outcome === 'unknown';
    return isUnknown ? undefined : result;
  } catch (error) {
    if (error instanceof PlatformUnavailable) return undefined;
    throw error;
  }
}

describe.each(cases.map((each) => [each.method, each] as const))('%s', (_method, each) => {
  let expected: unknown;
  beforeAll(async () => {
    resetAnswers();
    expected = await resultOf(each);
    expect(expected).toBeDefined();
  });

  it.each(corruptions)('says nothing that is not so where a field is %s', async (_name, by) => {
    for (const name of each.operations) {
      for (const path of [[], ...pathsOf(completeAnswers[name])]) {
        resetAnswers();
        const corrupted = corruptField(completeAnswers[name], path, by);
        platform.handlers[name] = answerWith(name, corrupted === REMOVED ? undefined : corrupted);
        const actual = await resultOf(each);
        const isAcceptable =
          actual === undefined || isSameJson(actual, expected) || each.allowed(actual, expected);
        expect([name, path.join('.'), isAcceptable ? 'honest' : actual]).toEqual([
          name,
          path.join('.'),
          'honest',
        ]);
      }
    }
  });

  it.each<[string, Handler]>([
    ['a web page', respondText('<html><body>502 Bad Gateway</body></html>')],
    ['a web page with an error', respondText('<html></html>', 500)],
    ['nothing at all', respondText('')],
    ['half an answer', truncateResponse],
    ['half of JSON', respondText('{"errcode":0,"errmsg":"success","data":{"serial_no":')],
    ['a notice of PHP before it', respondText('<b>Notice</b>: x{"errcode":0,"data":{}}')],
    ['more than is read', respondText(`{"errcode":0,"data":"${'x'.repeat(2 * 1024 * 1024)}"}`)],
    ['success without data', respondJson({ errcode: 0, errmsg: 'success' })],
    ['success in words', respondJson({ errcode: 'success', data: {} })],
    ['no error code', respondJson({ errmsg: 'success', data: samples.info })],
    ['two error codes', respondText('{"errcode":55005,"errcode":0,"data":{}}')],
    ['未知异常', respondJson({ errcode: 50000, errmsg: '未知异常' })],
    ['a code nobody knows', respondJson({ errcode: 56000, errmsg: '?' })],
    ['a refusal with a status of a fault', respondJson({ errcode: 55005, errmsg: 'x' }, 500)],
    ['a list for an object', respondSuccess([])],
  ])('does not know where it is answered with %s', async (_name, answer) => {
    for (const name of each.operations) {
      resetAnswers();
      platform.handlers[name] = answer;
      expect(await resultOf(each)).toBeUndefined();
    }
  });
});
