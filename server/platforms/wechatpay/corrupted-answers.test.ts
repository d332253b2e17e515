import fc from 'fast-check';
import {
  corruptField,
  expectHonestRandomResults,
  invalidValues as commonInvalidValues,
  knownResult,
  noDeviation,
  pathsOf,
} from '../testing/corrupted-answers';
import type { AllowedDeviation, CorruptionCase, Path } from '../testing/corrupted-answers';
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
 * Corrupts one random field of one answer under a valid signature. Each port method must return the original
 * value or report that it does not know, but never another value.
 */

const { BY_TRANSACTION, JSAPI, ORDER_NUMBER, QUERY, QUERY_REFUND, REFUND } = samples;

/** Amounts are whole fen, so a fraction is invalid too. */
const invalidValues = [...commonInvalidValues, 0.5];

interface Case extends CorruptionCase<ScriptedWechatPay, string> {
  completeAnswer: object;
}

/** Only the payer may be missing. */
const allowMissingPayer: AllowedDeviation = (actual, expected) =>
  typeof actual === 'object' &&
  actual !== null &&
  'openid' in actual &&
  actual.openid === null &&
  JSON.stringify({ ...actual, openid: samples.OPENID }) === JSON.stringify(expected);

const withoutSignature = (result: unknown): unknown => {
  const { value } = result as { value: Record<string, unknown> };
  return { package: value.package, signType: value.signType };
};

const cases: readonly Case[] = [
  {
    method: 'createPayment',
    answers: [`POST ${JSAPI}`],
    completeAnswer: { prepay_id: 'wx26112221580621e9b071c00d9e093b0000' },
    perform: async ({ pay }) => {
      const result = await pay.payments.createPayment(samples.order);
      return result.outcome === 'done' ? withoutSignature(result) : result;
    },
    allowed: noDeviation,
  },
  {
    method: 'queryPayment',
    answers: [`GET ${QUERY}`],
    completeAnswer: samples.paidTrade,
    perform: ({ pay }) => pay.payments.queryPayment(ORDER_NUMBER),
    allowed: allowMissingPayer,
  },
  {
    method: 'queryTransaction',
    answers: [`GET ${BY_TRANSACTION}`],
    completeAnswer: samples.paidTrade,
    perform: ({ pay }) => pay.payments.queryTransaction!(samples.TRANSACTION_ID),
    allowed: allowMissingPayer,
  },
  {
    method: 'refund',
    answers: [`POST ${REFUND}`],
    completeAnswer: samples.refund,
    perform: ({ pay }) => pay.payments.refund(samples.refundOrder),
    allowed: noDeviation,
  },
  {
    method: 'queryRefund',
    answers: [`GET ${QUERY_REFUND}`],
    completeAnswer: samples.refund,
    perform: ({ pay }) => pay.payments.queryRefund(samples.REFUND_NUMBER),
    allowed: noDeviation,
  },
];

let wechat: ScriptedWechatPay;
beforeAll(async () => {
  wechat = await startScriptedWechatPay();
});
afterAll(() => wechat.close());

it.each(cases.map((each) => [each.method, each] as const))(
  '%s returns no false value if a field is corrupted',
  async (_method, { answers, completeAnswer: answer, perform: call, allowed }) => {
    const perform = () => call(wechat);
    for (const route of answers) {
      const respond = (body: unknown) => {
        wechat.handlers[route] = wechat.respond(200, body === undefined ? '' : body);
      };
      respond(answer);
      const expected = await knownResult(perform);
      expect(expected).toBeDefined();
      const calls = [{ answer, respond, perform, expected, allowed }];
      await expectHonestRandomResults(calls, { values: invalidValues, numRuns: 150 });
    }
  },
);

it('a signed notification with a corrupted field never reports another payment', async () => {
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
    fc.asyncProperty(path, fc.constantFrom(...invalidValues), async (at, by) => {
      const actual = await read(corruptField(samples.paidTrade, at, by));
      return actual.outcome === 'refused' || JSON.stringify(actual) === JSON.stringify(expected);
    }),
    { numRuns: 150 },
  );
});

it('any bytes under any headers are refused without an exception', async () => {
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
