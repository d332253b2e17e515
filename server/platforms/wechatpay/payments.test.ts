import { PlatformUnavailable } from '../ports';
import {
  APP_ID,
  MCH_ID,
  NOTIFY_URL,
  NOW,
  dropConnection,
  impostor,
  isMerchantSignature,
  startScriptedWechatPay,
} from './testing/scripted-wechat-pay';
import type { Handler, ScriptedWechatPay } from './testing/scripted-wechat-pay';
import * as samples from './testing/samples';

const { BY_TRANSACTION, CLOSE, JSAPI, OPENID, ORDER_NUMBER, QUERY, TRANSACTION_ID } = samples;

let wechat: ScriptedWechatPay;
beforeEach(async () => {
  wechat = await startScriptedWechatPay();
});
afterEach(() => wechat.close());

const respondGarbage: Handler = (_request, response) => {
  response.end('<html>502</html>');
};

describe('creating a payment', () => {
  const create = (change: Partial<typeof samples.order> = {}) =>
    wechat.pay.payments.createPayment({ ...samples.order, ...change });
  const answerWith = (answer: Handler) => {
    wechat.handlers[`POST ${JSAPI}`] = answer;
  };
  beforeEach(() => {
    answerWith(wechat.respond(200, { prepay_id: 'wx26112221580621e9b071c00d9e093b0000' }));
  });

  it('creates the order, and signs the parameters of the payment sheet', async () => {
    const result = await create();
    if (result.outcome !== 'done') throw new Error(result.message);
    const { timeStamp, nonceStr, package: prepay, signType, paySign } = result.value;
    expect([signType, prepay]).toEqual(['RSA', 'prepay_id=wx26112221580621e9b071c00d9e093b0000']);
    expect(timeStamp).toBe(String(NOW / 1000));
    expect(nonceStr).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(isMerchantSignature(paySign, APP_ID, timeStamp, nonceStr, prepay)).toBe(true);
    expect(JSON.parse(wechat.requests[0]?.body ?? '')).toEqual({
      appid: APP_ID,
      mchid: MCH_ID,
      description: '流卡流量充值 2GB 月包',
      out_trade_no: ORDER_NUMBER,
      time_expire: '2026-03-01T12:30:00+08:00',
      notify_url: NOTIFY_URL,
      amount: { total: 1800, currency: 'CNY' },
      payer: { openid: OPENID },
    });
  });

  it('again sends the same bytes with a new signature', async () => {
    await create();
    wechat.now += 61_000;
    await create();
    const [first, second] = wechat.requests;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers.authorization).not.toBe(first?.headers.authorization);
  });

  it('limits the description to 127 bytes, without splitting a character', async () => {
    await create({ packageName: '套餐🙂'.repeat(40) });
    const { description } = JSON.parse(wechat.requests[0]?.body ?? '') as { description: string };
    expect(Buffer.byteLength(description)).toBeLessThanOrEqual(127);
    expect(Buffer.byteLength(description)).toBeGreaterThan(122);
    expect(`流卡流量充值 ${'套餐🙂'.repeat(40)}`.startsWith(description)).toBe(true);
    expect(description).not.toContain('\uFFFD');
  });

  it('is not attempted with less than a minute left to pay', async () => {
    wechat.now = samples.order.payBefore - 59_999;
    expect(await create()).toMatchObject({ outcome: 'refused', reason: 'closed' });
    expect(wechat.requests).toHaveLength(0);
    wechat.now = samples.order.payBefore - 60_000;
    expect(await create()).toMatchObject({ outcome: 'done' });
  });

  it.each([
    [400, 'ORDERPAID', 'alreadyPaid'],
    [403, 'ORDER_CLOSED', 'closed'],
    [400, 'ORDERCLOSED', 'closed'],
    [403, 'OUT_TRADE_NO_USED', 'rejected'],
    [400, 'INVALID_REQUEST', 'rejected'],
    [400, 'PARAM_ERROR', 'rejected'],
    [400, 'APPID_MCHID_NOT_MATCH', 'rejected'],
  ])('is refused on %i %s as %s', async (status, code, reason) => {
    answerWith(wechat.respondError(status, code));
    expect(await create()).toMatchObject({ outcome: 'refused', reason });
  });

  it.each([
    ['a broken connection', () => dropConnection],
    ['garbage', () => respondGarbage],
    ['an answer with an invalid schema', () => wechat.respond(200, { prepay_id: 7 })],
    ['a system error', () => wechat.respondError(500, 'SYSTEM_ERROR')],
    ['a refusal with HTTP 500', () => wechat.respondError(500, 'ORDERPAID')],
    ['a rate limit', () => wechat.respondError(429, 'FREQUENCY_LIMITED')],
    ['a rejection of our signature', () => wechat.respondError(401, 'SIGN_ERROR')],
    ['an unknown error code', () => wechat.respondError(400, 'SOMETHING_NEW')],
    ['an error without a code', () => wechat.respond(400, { message: 'no' })],
  ])('is unknown after %s', async (_name, answer) => {
    answerWith(answer());
    expect(await create()).toMatchObject({ outcome: 'unknown' });
  });
});

describe('querying a payment', () => {
  const query = () => wechat.pay.payments.queryPayment(ORDER_NUMBER);
  const answerWith = (trade: unknown, status = 200) => {
    wechat.handlers[`GET ${QUERY}`] = wechat.respond(status, trade);
  };

  it('sends our merchant number, and reads amount, payer and time', async () => {
    answerWith(samples.paidTrade);
    expect(await query()).toEqual({ state: 'paid', ...samples.payment });
    expect(wechat.requests[0]?.query.toString()).toBe(`mchid=${MCH_ID}`);
  });

  it('still reports the payment after a partial refund', async () => {
    answerWith({ ...samples.paidTrade, trade_state: 'REFUND' });
    expect(await query()).toEqual({ state: 'refunded', ...samples.payment });
  });

  it.each([
    ['NOTPAY', 'unpaid'],
    ['CLOSED', 'closed'],
  ])('reads %s as %s', async (trade_state, state) => {
    answerWith({ ...samples.unpaidTrade, trade_state });
    expect(await query()).toEqual({ state });
  });

  it.each(['ORDER_NOT_EXIST', 'ORDERNOTEXIST', 'RESOURCE_NOT_EXISTS'])(
    'reads %s as absent',
    async (code) => {
      wechat.handlers[`GET ${QUERY}`] = wechat.respondError(404, code);
      expect(await query()).toEqual({ state: 'absent' });
    },
  );

  it('accepts a payment without a payer', async () => {
    const { payer: _, ...rest } = samples.paidTrade;
    answerWith(rest);
    expect(await query()).toEqual({ state: 'paid', ...samples.payment, openid: null });
  });

  it.each([
    ['another merchant', { mchid: '1900000002' }],
    ['another mini-program', { appid: 'wxffffffffffffffff' }],
    ['another order', { out_trade_no: 'LK20260301000002' }],
    ['another currency', { amount: { total: 1800, currency: 'USD' } }],
    ['no currency', { amount: { total: 1800 } }],
    ['a fraction of a fen', { amount: { total: 0.5, currency: 'CNY' } }],
    ['a zero amount', { amount: { total: 0, currency: 'CNY' } }],
    ['a negative amount', { amount: { total: -1800, currency: 'CNY' } }],
    ['an amount over the safe integers', { amount: { total: 2 ** 53, currency: 'CNY' } }],
    ['an amount as text', { amount: { total: '1800', currency: 'CNY' } }],
    ['no transaction number', { transaction_id: undefined }],
    ['no time', { success_time: undefined }],
    ['an impossible time', { success_time: '2026-02-30T08:00:00+08:00' }],
    ['a time outside UTC+8', { success_time: '2026-03-01T08:00:00+09:00' }],
    ['a state of 付款码支付 only', { trade_state: 'REVOKED' }],
  ])('rejects a payment with %s', async (_name, change) => {
    answerWith({ ...samples.paidTrade, ...change });
    await expect(query()).rejects.toBeInstanceOf(PlatformUnavailable);
    expect(wechat.warnings).toHaveLength(1);
  });

  it('rejects an answer signed by another key, regardless of its content', async () => {
    wechat.signer = impostor;
    answerWith(samples.paidTrade);
    await expect(query()).rejects.toThrow('wrong signature');
    wechat.handlers[`GET ${QUERY}`] = wechat.respondError(404, 'ORDER_NOT_EXIST');
    await expect(query()).rejects.toThrow('wrong signature');
  });

  it('rejects an answer that is not signed, or was signed at another time', async () => {
    const text = JSON.stringify(samples.paidTrade);
    wechat.handlers[`GET ${QUERY}`] = (_request, response) => response.end(text);
    await expect(query()).rejects.toThrow('not signed');
    wechat.handlers[`GET ${QUERY}`] = (request, response) => {
      const real = wechat.now;
      wechat.now = real - 5 * 60_000;
      wechat.respond(200, samples.paidTrade)(request, response);
      wechat.now = real;
    };
    await expect(query()).rejects.toThrow('another time');
  });
});

describe('querying a transaction', () => {
  const query = () => wechat.pay.payments.queryTransaction?.(TRANSACTION_ID);

  it('returns its payment and the number of the paid order', async () => {
    wechat.handlers[`GET ${BY_TRANSACTION}`] = wechat.respond(200, samples.paidTrade);
    expect(await query()).toEqual({ orderNumber: ORDER_NUMBER, ...samples.payment });
  });

  it('returns undefined if the transaction does not exist', async () => {
    wechat.handlers[`GET ${BY_TRANSACTION}`] = wechat.respondError(404, 'ORDER_NOT_EXIST');
    expect(await query()).toBeUndefined();
  });

  it.each([
    ['another transaction', { transaction_id: '4200009999202603011234567890' }],
    ['an unpaid trade', { trade_state: 'NOTPAY', transaction_id: undefined }],
  ])('rejects an answer about %s', async (_name, change) => {
    wechat.handlers[`GET ${BY_TRANSACTION}`] = wechat.respond(200, {
      ...samples.paidTrade,
      ...change,
    });
    await expect(query()).rejects.toBeInstanceOf(PlatformUnavailable);
  });
});

describe('closing a payment', () => {
  const close = () => wechat.pay.payments.closePayment(ORDER_NUMBER);

  it('is done after a signed answer with an empty body', async () => {
    wechat.handlers[`POST ${CLOSE}`] = wechat.respond(204, '');
    expect(await close()).toEqual({ outcome: 'done', value: null });
    expect(JSON.parse(wechat.requests[0]?.body ?? '')).toEqual({ mchid: MCH_ID });
  });

  it.each(['ORDER_CLOSED', 'ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS'])(
    'is done if there is nothing to close: %s',
    async (code) => {
      wechat.handlers[`POST ${CLOSE}`] = wechat.respondError(400, code);
      expect(await close()).toEqual({ outcome: 'done', value: null });
    },
  );

  it.each([
    ['ORDERPAID', 'alreadyPaid'],
    ['ORDER_PAID', 'alreadyPaid'],
    ['INVALID_REQUEST', 'tooEarly'],
    ['NO_AUTH', 'rejected'],
  ])('is refused on %s as %s', async (code, reason) => {
    wechat.handlers[`POST ${CLOSE}`] = wechat.respondError(400, code);
    expect(await close()).toMatchObject({ outcome: 'refused', reason });
  });

  it('is unknown if the answer is lost or not signed', async () => {
    wechat.handlers[`POST ${CLOSE}`] = dropConnection;
    expect(await close()).toMatchObject({ outcome: 'unknown' });
    wechat.handlers[`POST ${CLOSE}`] = (_request, response) => response.writeHead(204).end();
    expect(await close()).toMatchObject({ outcome: 'unknown' });
  });
});

test('no warning or error contains an order number, an openid or a key', async () => {
  const answers = [
    dropConnection,
    respondGarbage,
    wechat.respondError(400, 'SOMETHING_NEW'),
    wechat.respond(200, []),
  ];
  const results: unknown[] = [];
  for (const answer of answers) {
    for (const path of [JSAPI, CLOSE]) wechat.handlers[`POST ${path}`] = answer;
    wechat.handlers[`GET ${QUERY}`] = answer;
    results.push(await wechat.pay.payments.createPayment(samples.order));
    results.push(await wechat.pay.payments.closePayment(ORDER_NUMBER));
    await wechat.pay.payments.queryPayment(ORDER_NUMBER).catch((error: unknown) => {
      results.push(String(error));
    });
  }
  const text = JSON.stringify([results, wechat.warnings, wechat.calls]);
  expect(results).toHaveLength(12);
  for (const secret of [ORDER_NUMBER, OPENID, MCH_ID, 'PRIVATE'])
    expect(text).not.toContain(secret);
});
