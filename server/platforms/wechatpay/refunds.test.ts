import { PlatformUnavailable } from '../ports';
import {
  NOTIFY_URL,
  dropConnection,
  impostor,
  startScriptedWechatPay,
} from './testing/scripted-wechat-pay';
import type { Handler, ScriptedWechatPay } from './testing/scripted-wechat-pay';
import * as samples from './testing/samples';

const { QUERY_REFUND, REFUND, REFUND_NUMBER, TRANSACTION_ID } = samples;

let wechat: ScriptedWechatPay;
beforeEach(async () => {
  wechat = await startScriptedWechatPay();
});
afterEach(() => wechat.close());

const refund = (change: Partial<typeof samples.refundOrder> = {}) =>
  wechat.pay.payments.refund({ ...samples.refundOrder, ...change });
const queryRefund = () => wechat.pay.payments.queryRefund(REFUND_NUMBER);
const answerWith = (answer: Handler) => {
  wechat.handlers[`POST ${REFUND}`] = answer;
  wechat.handlers[`GET ${QUERY_REFUND}`] = answer;
};

it('names the transaction to refund, since an order can have been paid twice', async () => {
  answerWith(wechat.respond(200, samples.refund));
  expect(await refund()).toEqual({ outcome: 'done', value: 'processing' });
  expect(JSON.parse(wechat.requests[0]?.body ?? '')).toEqual({
    transaction_id: TRANSACTION_ID,
    out_refund_no: REFUND_NUMBER,
    reason: '充值未成功',
    notify_url: NOTIFY_URL,
    amount: { refund: 500, total: 1800, currency: 'CNY' },
  });
});

it('sends the same bytes each time, with a reason of at most 80 bytes', async () => {
  answerWith(wechat.respond(200, samples.refund));
  const reason = '充值没有成功，原路退回。'.repeat(5);
  await refund({ reason });
  await refund({ reason });
  const [first, second] = wechat.requests.map(({ body }) => body);
  expect(second).toBe(first);
  const sent = JSON.parse(first ?? '') as { reason: string };
  expect(Buffer.byteLength(sent.reason)).toBe(78);
  expect(reason.startsWith(sent.reason)).toBe(true);
});

it.each([
  ['PROCESSING', 'processing'],
  ['SUCCESS', 'done'],
  ['CLOSED', 'closed'],
  ['ABNORMAL', 'abnormal'],
])('a refund with status %s is %s', async (status, state) => {
  answerWith(wechat.respond(200, { ...samples.refund, status }));
  expect(await refund()).toEqual({ outcome: 'done', value: state });
  expect(await queryRefund()).toBe(state);
});

it.each(['NOT_ENOUGH', 'NOTENOUGH'])(
  'a refund refused with %s waits for the merchant’s balance',
  async (code) => {
    answerWith(wechat.respondError(403, code));
    expect(await refund()).toEqual({ outcome: 'done', value: 'notEnoughBalance' });
  },
);

it.each([
  'INVALID_REQUEST',
  'PARAM_ERROR',
  'USER_ACCOUNT_ABNORMAL',
  'RESOURCE_NOT_EXISTS',
  'REQUEST_BLOCKED',
])('a refund rejected with %s is refused', async (code) => {
  answerWith(wechat.respondError(400, code));
  expect(await refund()).toMatchObject({ outcome: 'refused', reason: 'rejected' });
});

it.each([
  ['a broken connection', () => dropConnection],
  ['a system error', () => wechat.respondError(500, 'SYSTEM_ERROR')],
  ['a rate limit', () => wechat.respondError(429, 'FREQUENCY_LIMITED')],
  [
    'an answer about another refund',
    () => wechat.respond(200, { ...samples.refund, out_refund_no: 'LR2' }),
  ],
  [
    'an answer about another transaction',
    () => wechat.respond(200, { ...samples.refund, transaction_id: '42' }),
  ],
  [
    'an answer about another order',
    () => wechat.respond(200, { ...samples.refund, out_trade_no: 'LK20260302' }),
  ],
  ['an answer with another amount', () => wechat.respond(200, withAmount({ refund: 501 }))],
  ['an answer with another total', () => wechat.respond(200, withAmount({ total: 1801 }))],
  ['an answer with another currency', () => wechat.respond(200, withAmount({ currency: 'USD' }))],
  ['an unknown status', () => wechat.respond(200, { ...samples.refund, status: 'DONE' })],
])('the outcome of a refund is unknown after %s', async (_name, answer) => {
  answerWith(answer());
  expect(await refund()).toMatchObject({ outcome: 'unknown' });
});

function withAmount(change: object): object {
  return { ...samples.refund, amount: { ...samples.refund.amount, ...change } };
}

it('a refund that the channel does not know is absent', async () => {
  answerWith(wechat.respondError(404, 'RESOURCE_NOT_EXISTS'));
  expect(await queryRefund()).toBe('absent');
});

it.each([
  [
    'an answer about another refund',
    () => wechat.respond(200, { ...samples.refund, out_refund_no: 'LR2' }),
  ],
  ['an unrelated refusal', () => wechat.respondError(400, 'INVALID_REQUEST')],
  ['a broken connection', () => dropConnection],
])('a refund query fails after %s', async (_name, answer) => {
  answerWith(answer());
  await expect(queryRefund()).rejects.toBeInstanceOf(PlatformUnavailable);
});

it('a refund is not absent because of an answer signed by another key', async () => {
  wechat.signer = impostor;
  answerWith(wechat.respondError(404, 'RESOURCE_NOT_EXISTS'));
  await expect(queryRefund()).rejects.toBeInstanceOf(PlatformUnavailable);
});
