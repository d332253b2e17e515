import { PlatformUnavailable } from '../ports';
import {
  certificateList,
  impostor,
  newCertificate,
  publicKeySigner,
  signatureHeaders,
  startScriptedWechatPay,
} from './testing/scripted-wechat-pay';
import type { Handler, ScriptedWechatPay } from './testing/scripted-wechat-pay';
import * as samples from './testing/samples';

/**
 * Answers whose signature cannot be verified. WeChat Pay itself sends such errors, to requests whose signature
 * it refuses. They are reported with status and code, but prove nothing: the outcome stays unknown.
 */

const { CERTIFICATES, CLOSE, JSAPI, ORDER_NUMBER, QUERY, REFUND } = samples;
const MINUTE_MS = 60_000;
const ANSWER_TEXT = '商户 1900000001 的订单 LK20260301000001';

let wechat: ScriptedWechatPay;
beforeEach(async () => {
  wechat = await startScriptedWechatPay();
});
afterEach(() => wechat.close());

type Headers = (text: string) => Record<string, string>;

const unsigned: Headers = () => ({});
const signed: Headers = (text) => signatureHeaders(publicKeySigner, text, wechat.now);
const forged: Headers = (text) => signatureHeaders(impostor, text, wechat.now);
const stale: Headers = (text) =>
  signatureHeaders(publicKeySigner, text, wechat.now - 5 * MINUTE_MS);
const ofUnknownKey: Headers = (text) =>
  signatureHeaders({ ...impostor, serial: 'PUB_KEY_ID_9' }, text, wechat.now);
const without =
  (name: string): Headers =>
  (text) =>
    Object.fromEntries(Object.entries(signed(text)).filter(([header]) => header !== name));
const otherType: Headers = (text) => ({
  ...signed(text),
  'wechatpay-signature-type': 'WECHATPAY2-SM2-WITH-SM3',
});

const error = (code: unknown) => JSON.stringify({ code, message: ANSWER_TEXT });
const HTML = '<html><head><title>502 Bad Gateway</title></head></html>';

const reply =
  (status: number, text: string, headers: Headers): Handler =>
  (_request, response) => {
    response.writeHead(status, headers(text)).end(text);
  };

const cases: readonly [status: number, body: string, headers: Headers, problem: string][] = [
  [
    401,
    error('SIGN_ERROR'),
    unsigned,
    'HTTP 401 SIGN_ERROR (unverified: the answer is not signed)',
  ],
  [
    400,
    error('PARAM_ERROR'),
    unsigned,
    'HTTP 400 PARAM_ERROR (unverified: the answer is not signed)',
  ],
  [400, error('ORDERPAID'), unsigned, 'HTTP 400 ORDERPAID (unverified: the answer is not signed)'],
  [403, error('NO_AUTH'), unsigned, 'HTTP 403 NO_AUTH (unverified: the answer is not signed)'],
  [
    404,
    error('ORDER_NOT_EXIST'),
    unsigned,
    'HTTP 404 ORDER_NOT_EXIST (unverified: the answer is not signed)',
  ],
  [
    429,
    error('FREQUENCY_LIMITED'),
    unsigned,
    'HTTP 429 FREQUENCY_LIMITED (unverified: the answer is not signed)',
  ],
  [
    500,
    error('SYSTEM_ERROR'),
    unsigned,
    'HTTP 500 SYSTEM_ERROR (unverified: the answer is not signed)',
  ],
  [
    401,
    '{"code":"SIGN_ERROR"}',
    unsigned,
    'HTTP 401 SIGN_ERROR (unverified: the answer is not signed)',
  ],
  // Gateways and proxies.
  [401, '', unsigned, 'HTTP 401 (unverified: the answer is not signed)'],
  [403, HTML, unsigned, 'HTTP 403 (unverified: the answer is not signed)'],
  [502, HTML, unsigned, 'HTTP 502 (unverified: the answer is not signed)'],
  [504, '', unsigned, 'HTTP 504 (unverified: the answer is not signed)'],
  // Nothing but a code of WeChat Pay's form is quoted.
  [400, error(ANSWER_TEXT), unsigned, 'HTTP 400 (unverified: the answer is not signed)'],
  [400, error('sign_error'), unsigned, 'HTTP 400 (unverified: the answer is not signed)'],
  [400, error('SIGN ERROR'), unsigned, 'HTTP 400 (unverified: the answer is not signed)'],
  [400, error('SIGN_ERROR\n'), unsigned, 'HTTP 400 (unverified: the answer is not signed)'],
  [400, error('A'.repeat(65)), unsigned, 'HTTP 400 (unverified: the answer is not signed)'],
  [400, error(55001), unsigned, 'HTTP 400 (unverified: the answer is not signed)'],
  [400, '["SIGN_ERROR"]', unsigned, 'HTTP 400 (unverified: the answer is not signed)'],
  // A success without a signature counts as forged.
  [
    200,
    JSON.stringify({ ...samples.paidTrade, code: 'SUCCESS' }),
    unsigned,
    'HTTP 200 (unverified: the answer is not signed)',
  ],
  [204, '', unsigned, 'HTTP 204 (unverified: the answer is not signed)'],
  // Signatures that are there, but cannot be verified.
  [
    404,
    error('ORDER_NOT_EXIST'),
    forged,
    'HTTP 404 ORDER_NOT_EXIST (unverified: the answer has a wrong signature)',
  ],
  [
    400,
    error('ORDERPAID'),
    stale,
    'HTTP 400 ORDERPAID (unverified: the answer is signed at another time)',
  ],
  [
    400,
    error('ORDERPAID'),
    ofUnknownKey,
    'HTTP 400 ORDERPAID (unverified: the answer is signed under an unknown serial)',
  ],
  [
    401,
    error('SIGN_ERROR'),
    otherType,
    'HTTP 401 SIGN_ERROR (unverified: the answer is not signed)',
  ],
  ...['timestamp', 'nonce', 'serial', 'signature'].map(
    (field): [number, string, Headers, string] => [
      401,
      error('SIGN_ERROR'),
      without(`wechatpay-${field}`),
      'HTTP 401 SIGN_ERROR (unverified: the answer is not signed)',
    ],
  ),
];

/** What was logged: warnings of the adapter, with their details. */
const logged = () => wechat.warnings.map(({ message, details }) => [message, details]);

describe.each(cases)('HTTP %i %s', (status, body, headers, problem) => {
  beforeEach(() => {
    const handler = reply(status, body, headers);
    for (const path of [JSAPI, CLOSE, REFUND]) wechat.handlers[`POST ${path}`] = handler;
    for (const path of [QUERY, samples.QUERY_REFUND, samples.BY_TRANSACTION]) {
      wechat.handlers[`GET ${path}`] = handler;
    }
  });

  it(`is reported as ${problem}, and leaves the outcome unknown`, async () => {
    const { payments } = wechat.pay;
    for (const [operation, result] of [
      ['jsapi', await payments.createPayment(samples.order)],
      ['close', await payments.closePayment(ORDER_NUMBER)],
      ['refund', await payments.refund(samples.refundOrder)],
    ] as const) {
      expect(result).toEqual({ outcome: 'unknown', message: `wechatpay ${operation}: ${problem}` });
    }
    for (const [operation, query] of [
      ['query', () => payments.queryPayment(ORDER_NUMBER)],
      ['queryTransaction', () => payments.queryTransaction?.(samples.TRANSACTION_ID)],
      ['queryRefund', () => payments.queryRefund(samples.REFUND_NUMBER)],
    ] as const) {
      await expect(query()).rejects.toEqual(
        new PlatformUnavailable(`wechatpay ${operation}: ${problem}`),
      );
    }
    expect(logged()).toEqual(
      ['jsapi', 'close', 'refund', 'query', 'queryTransaction', 'queryRefund'].map((operation) => [
        'unusable answer',
        { operation, problem },
      ]),
    );
  });
});

describe('the download of platform certificates', () => {
  const certificate = newCertificate('3F6A0D4C1B');
  const list = certificateList(certificate);
  const signedByIt: Headers = (text) => signatureHeaders(certificate, text, wechat.now);
  const forgedForIt: Headers = (text) =>
    signatureHeaders({ ...certificate, key: impostor.key }, text, wechat.now);

  beforeEach(async () => {
    await wechat.close();
    wechat = await startScriptedWechatPay({ publicKey: false });
    wechat.signer = certificate;
    wechat.handlers[`GET ${QUERY}`] = wechat.respond(200, samples.unpaidTrade);
  });

  it.each<[string, number, string, Headers, string]>([
    [
      'a refusal of our signature',
      401,
      error('SIGN_ERROR'),
      unsigned,
      'HTTP 401 SIGN_ERROR (unverified: the answer is not signed)',
    ],
    [
      'a merchant without certificates',
      404,
      error('RESOURCE_NOT_EXISTS'),
      signedByIt,
      'HTTP 404 RESOURCE_NOT_EXISTS (unverified: the answer is signed under an unknown serial)',
    ],
    ['a gateway’s error', 502, HTML, unsigned, 'HTTP 502 (unverified: the answer is not signed)'],
    ['a list with an error’s status', 403, list, signedByIt, 'HTTP 403'],
    ['an unsigned list', 200, list, unsigned, 'HTTP 200 (unverified: the answer is not signed)'],
    [
      'a list with a wrong signature',
      200,
      list,
      forgedForIt,
      'HTTP 200 (unverified: the answer has a wrong signature)',
    ],
  ])('trusts nothing after %s, and reports it', async (_name, status, body, headers, problem) => {
    wechat.handlers[`GET ${CERTIFICATES}`] = reply(status, body, headers);
    await expect(wechat.pay.payments.queryPayment(ORDER_NUMBER)).rejects.toThrow(
      'HTTP 200 (unverified: the answer is signed under an unknown serial)',
    );
    expect(logged()[0]).toEqual([
      'platform certificates cannot be downloaded',
      { operation: 'certificates', problem },
    ]);
  });
});
