import fc from 'fast-check';
import { PlatformUnavailable } from '../ports';
import {
  PUBLIC_KEY_ID,
  publicKeySigner,
  encrypt,
  signatureHeaders,
  startScriptedWechatPay,
} from './testing/scripted-wechat-pay';
import type { ScriptedWechatPay } from './testing/scripted-wechat-pay';
import * as samples from './testing/samples';

/**
 * Damages one field of one answer, at random and under a good signature, and holds every port method to
 * its promise: the truth, or an honest "not known", never another value.
 */

const { BY_TRANSACTION, JSAPI, ORDER_NUMBER, QUERY, QUERY_REFUND, REFUND } = samples;

const REMOVED = Symbol('removed');
const replacement = fc.constantFrom<unknown>(
  REMOVED,
  null,
  true,
  -1,
  0.5,
  1e300,
  '',
  '\u0000',
  '🙂'.repeat(400),
  [],
  {},
  [[null]],
  { toString: 'x' },
);

type Path = readonly string[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path];
  if (typeof value !== 'object' || value === null) return here;
  const fields = Object.entries(value);
  return [...here, ...fields.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function corruptField(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const entries = Object.entries(value ?? {}).flatMap(([name, item]: [string, unknown]) => {
    if (name !== key) return [[name, item]];
    const corrupted = corruptField(item, rest, by);
    return corrupted === REMOVED ? [] : [[name, corrupted]];
  });
  return Object.fromEntries(entries) as unknown;
}

interface Case {
  method: string;
  route: string;
  completeAnswer: object;
  perform: (wechat: ScriptedWechatPay) => Promise<unknown> | undefined;
}

const withoutSignature = (result: unknown): unknown => {
  const { value } = result as { value: Record<string, unknown> };
  return { package: value.package, signType: value.signType };
};

const cases: Case[] = [
  {
    method: 'createPayment',
    route: `POST ${JSAPI}`,
    completeAnswer: { prepay_id: 'wx26112221580621e9b071c00d9e093b0000' },
    perform: async ({ pay }) => {
      const result = await pay.payments.createPayment(samples.order);
      return result.outcome === 'done' ? withoutSignature(result) : result;
    },
  },
  {
    method: 'queryPayment',
    route: `GET ${QUERY}`,
    completeAnswer: samples.paidTrade,
    perform: ({ pay }) => pay.payments.queryPayment(ORDER_NUMBER),
  },
  {
    method: 'queryTransaction',
    route: `GET ${BY_TRANSACTION}`,
    completeAnswer: samples.paidTrade,
    perform: ({ pay }) => pay.payments.queryTransaction?.(samples.TRANSACTION_ID),
  },
  {
    method: 'refund',
    route: `POST ${REFUND}`,
    completeAnswer: samples.refund,
    perform: ({ pay }) => pay.payments.refund(samples.refundOrder),
  },
  {
    method: 'queryRefund',
    route: `GET ${QUERY_REFUND}`,
    completeAnswer: samples.refund,
    perform: ({ pay }) => pay.payments.queryRefund(samples.REFUND_NUMBER),
  },
];

let wechat: ScriptedWechatPay;
beforeAll(async () => {
  wechat = await startScriptedWechatPay();
});
afterAll(() => wechat.close());

/** The result, or undefined where the method says that it does not know. */
async function resultOf({ perform }: Case): Promise<unknown> {
  try {
    const result = await perform(wechat);
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

/** The payer may be missing from the truth, and nothing else. */
function isAcceptable(actual: unknown, expected: unknown): boolean {
  if (actual === undefined || JSON.stringify(actual) === JSON.stringify(expected)) return true;
  if (typeof actual !== 'object' || actual === null || !('openid' in actual)) return false;
  return actual.openid === null && isAcceptable({ ...actual, openid: samples.OPENID }, expected);
}

describe('one damaged field', () => {
  it.each(cases.map((each) => [each.method, each] as const))(
    'never makes %s say what is not so',
    async (_method, each) => {
      wechat.handlers[each.route] = wechat.respond(200, each.completeAnswer);
      const expected = await resultOf(each);
      expect(expected).toBeDefined();
      const path = fc.constantFrom<Path>([], ...pathsOf(each.completeAnswer));
      await fc.assert(
        fc.asyncProperty(path, replacement, async (at, by) => {
          const body = corruptField(each.completeAnswer, at, by);
          wechat.handlers[each.route] = wechat.respond(200, body === REMOVED ? '' : body);
          return isAcceptable(await resultOf(each), expected);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('never makes a signed notification tell of another payment', async () => {
    const read = async (content: unknown) => {
      const resource = {
        original_type: 'transaction',
        ...encrypt(JSON.stringify(content), 'transaction'),
      };
      const text = JSON.stringify({
        id: 'EV-1',
        create_time: '2026-03-01T12:00:00+08:00',
        resource_type: 'encrypt-resource',
        event_type: 'TRANSACTION.SUCCESS',
        resource,
      });
      const headers = signatureHeaders(publicKeySigner, text);
      return wechat.pay.payments.readNotification({ headers, body: Buffer.from(text) });
    };
    const expected = await read(samples.paidTrade);
    expect(expected.outcome).toBe('taken');
    const path = fc.constantFrom<Path>(...pathsOf(samples.paidTrade));
    await fc.assert(
      fc.asyncProperty(path, replacement, async (at, by) => {
        const actual = await read(corruptField(samples.paidTrade, at, by));
        return actual.outcome === 'refused' || JSON.stringify(actual) === JSON.stringify(expected);
      }),
      { numRuns: 150 },
    );
  });
});

it('bytes of any kind, under any headers, are refused and never thrown at', async () => {
  const header = fc.oneof(fc.string(), fc.constant(undefined), fc.constant(PUBLIC_KEY_ID));
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.record({
        'wechatpay-timestamp': fc.oneof(header, fc.constant(String(wechat.now / 1000))),
        'wechatpay-nonce': header,
        'wechatpay-serial': header,
        'wechatpay-signature': fc.oneof(header, fc.base64String()),
      }),
      async (bytes, headers) => {
        const body = Buffer.from(bytes);
        const reading = await wechat.pay.payments.readNotification({ headers, body });
        return reading.outcome === 'refused';
      },
    ),
    { numRuns: 300 },
  );
});
