import { fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import type { OperationName } from './operations';
import { body, cutOff, done, startScriptedPlatform, text } from './testing/scripted';
import type { Answer, ScriptedPlatform } from './testing/scripted';
import {
  REMOVED,
  anything,
  damage,
  damages,
  fieldwise,
  isAsGiven,
  isZero,
  itemsOf,
  never,
  pathsOf,
  same,
} from './testing/damage';
import type { Honest } from './testing/damage';
import * as specimens from './testing/specimens';

/**
 * Damages every field of every answer in every way of a table, and holds each port method to its promise:
 * the truth, or an honest "not known", never another card, state or amount.
 */

const { ICCID, SUFFIX, SERIAL, ORDER_NO, PRODUCT, PREPAID } = specimens;

/** What each operation answers, whole; /recharge without an envelope around it. */
const whole: Partial<Record<OperationName, unknown>> = {
  memberInfo: specimens.info,
  memberProducts: specimens.heldProducts,
  products: specimens.products,
  recharge: specimens.recharged,
  orderInfo: specimens.order,
  userInfo: specimens.user,
  prepaidCard: specimens.prepaid,
};

function answerWith(name: OperationName, value: unknown): Answer {
  return name === 'recharge' ? body(value) : done(value);
}

/** A state that no table has is shown as unknown. */
const isUnlisted = (said: unknown) => said === 'dakashi:' || said === 'dakashi:1/';

/** More used than there was is a thing that happens; so is a state of the platform's own, "0". */
const usage: Honest = (said, truth) =>
  said === null ||
  fieldwise({ totalMb: isZero, usedMb: isZero, remainingMb: isZero, asOf: anything })(said, truth);

interface Case {
  method: string;
  answers: OperationName[];
  perform: (platform: ScriptedPlatform) => Promise<unknown>;
  honest: Honest;
}

const placed = {
  orderNumber: 'LK20261122000001',
  cardRef: SERIAL,
  packageId: PRODUCT,
  effective: 'now',
} as const;

const cases: Case[] = [
  {
    method: 'find by ICCID',
    answers: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'iccid', value: ICCID }),
    honest: never,
  },
  {
    method: 'find by the end of an ICCID',
    answers: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'iccidSuffix', value: SUFFIX }),
    honest: never,
  },
  {
    method: 'find by a number of the shop’s',
    answers: ['memberInfo'],
    perform: ({ dakashi }) => dakashi.cards.find({ kind: 'customNumber', value: SERIAL }),
    honest: never,
  },
  {
    method: 'report',
    answers: ['memberInfo', 'memberProducts'],
    perform: ({ dakashi }) => dakashi.cards.report(SERIAL),
    honest: fieldwise({
      // "0" is what the platform says of a card that is off, or kept offline.
      carrierCode: (said) => isUnlisted(said) || said === 'dakashi:0' || said === 'dakashi:1/0',
      usage,
      packages: (said, truth) =>
        itemsOf(said).every((held) =>
          itemsOf(truth).some((real) => fieldwise({ dataMb: isZero, name: isAsGiven })(held, real)),
        ),
      raw: anything,
    }),
  },
  {
    method: 'packagesOnSale',
    answers: ['products'],
    perform: ({ dakashi }) => dakashi.cards.packagesOnSale(SERIAL),
    honest: fieldwise({
      categories: (said, truth) =>
        itemsOf(said).every((category) =>
          [...itemsOf(truth), { id: '3-0', name: '跨月包' }].some((real) => same(category, real)),
        ),
      offers: (said, truth) =>
        itemsOf(said).every((offer) =>
          itemsOf(truth).some((real) =>
            fieldwise({
              id: isAsGiven,
              name: isAsGiven,
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
    answers: ['memberProducts'],
    perform: ({ dakashi }) => dakashi.cards.packageSnapshot!(SERIAL, PRODUCT),
    honest: (said) => {
      const { count, rows } = JSON.parse(String(said)) as { count: number; rows: unknown[] };
      return count === rows.length && count <= 1;
    },
  },
  {
    method: 'orderPackage',
    answers: ['recharge'],
    perform: ({ dakashi }) => dakashi.cards.orderPackage({ ...placed, amount: fen(500) }),
    honest: (said) => {
      const { value } = said as { value?: { reference: string } };
      return isAsGiven(value?.reference);
    },
  },
  {
    method: 'delivery',
    answers: ['orderInfo'],
    perform: ({ dakashi }) =>
      dakashi.cards.delivery({ ...placed, reference: ORDER_NO, snapshotBefore: null }),
    honest: (said) => same(said, { state: 'pending' }),
  },
  {
    method: 'balance',
    answers: ['userInfo'],
    perform: ({ dakashi }) => dakashi.cards.balance!(),
    honest: (said) => said === 0,
  },
  {
    method: 'prepaidCard',
    answers: ['prepaidCard'],
    perform: ({ dakashi }) => dakashi.actions.prepaidCard(PREPAID),
    honest: fieldwise({ password: isAsGiven, name: isAsGiven, dataMb: isZero, cost: isZero }),
  },
];

const NOW = Date.UTC(2026, 10, 22, 4);

let platform: ScriptedPlatform;
beforeAll(async () => {
  platform = await startScriptedPlatform({
    clock: () => NOW,
    limits: { retries: 0, retryPause: 1, breakAfter: 1_000_000, totalTimeout: 5_000 },
  });
});
afterAll(() => platform.close());

function answerWhole(): void {
  for (const [name, value] of Object.entries(whole) as [OperationName, unknown][]) {
    const answer = answerWith(name, value);
    platform.answers[name] = (request, response) => {
      response.setHeader('date', new Date(NOW).toUTCString());
      answer(request, response);
    };
  }
}

/** The result, or undefined where the method says that it does not know. */
async function say({ perform }: Case): Promise<unknown> {
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
  let truth: unknown;
  beforeAll(async () => {
    answerWhole();
    truth = await say(each);
    expect(truth).toBeDefined();
  });

  it.each(damages)('says nothing that is not so where a field is %s', async (_name, by) => {
    for (const name of each.answers) {
      for (const path of [[], ...pathsOf(whole[name])]) {
        answerWhole();
        const damaged = damage(whole[name], path, by);
        platform.answers[name] = answerWith(name, damaged === REMOVED ? undefined : damaged);
        const said = await say(each);
        const isHonest = said === undefined || same(said, truth) || each.honest(said, truth);
        expect([name, path.join('.'), isHonest ? 'honest' : said]).toEqual([
          name,
          path.join('.'),
          'honest',
        ]);
      }
    }
  });

  it.each<[string, Answer]>([
    ['a web page', text('<html><body>502 Bad Gateway</body></html>')],
    ['a web page with an error', text('<html></html>', 500)],
    ['nothing at all', text('')],
    ['half an answer', cutOff],
    ['half of JSON', text('{"errcode":0,"errmsg":"success","data":{"serial_no":')],
    ['a notice of PHP before it', text('<b>Notice</b>: x{"errcode":0,"data":{}}')],
    ['more than is read', text(`{"errcode":0,"data":"${'x'.repeat(2 * 1024 * 1024)}"}`)],
    ['success without data', body({ errcode: 0, errmsg: 'success' })],
    ['success in words', body({ errcode: 'success', data: {} })],
    ['no error code', body({ errmsg: 'success', data: specimens.info })],
    ['two error codes', text('{"errcode":55005,"errcode":0,"data":{}}')],
    ['未知异常', body({ errcode: 50000, errmsg: '未知异常' })],
    ['a code nobody knows', body({ errcode: 56000, errmsg: '?' })],
    ['a refusal with a status of a fault', body({ errcode: 55005, errmsg: 'x' }, 500)],
    ['a list for an object', done([])],
  ])('does not know where it is answered with %s', async (_name, answer) => {
    for (const name of each.answers) {
      answerWhole();
      platform.answers[name] = answer;
      expect(await say(each)).toBeUndefined();
    }
  });
});
