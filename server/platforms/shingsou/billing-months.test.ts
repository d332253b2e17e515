import { parseBeijing } from '@shared/beijing-time';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';
import { fen } from '@shared/money';
import { respondError, respondSuccess, startScriptedGateway } from './testing/scripted-gateway';
import type { Handler, ScriptedGateway } from './testing/scripted-gateway';
import * as samples from './testing/samples';

const { ICCID, ORDER_NUMBER } = samples;

const order = {
  orderNumber: ORDER_NUMBER,
  cardRef: ICCID,
  packageId: 'p1',
  packageName: '2GB 月包',
  amount: fen(1800),
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
};

let gateway: ScriptedGateway;
beforeEach(async () => {
  gateway = await startScriptedGateway();
  gateway.handlers.createPayment = respondSuccess(samples.registered);
  gateway.handlers.appletPay = respondSuccess(samples.paymentRequest);
});
afterEach(() => gateway.close());

function lastBody(path: string): unknown {
  const request = gateway.requests.findLast((each) => each.path === path);
  return JSON.parse(request?.body ?? 'null');
}

test.each<[string, string, string, number, string]>([
  [
    'is for next month and ends before it, if our clock is ahead of the platform’s',
    '2026-08-31 23:20:00',
    '2026-09-01 00:10:00',
    1,
    '2026-08-31 23:59:00',
  ],
  [
    'is for the current month, if our clock is behind the platform’s',
    '2026-09-01 00:10:00',
    '2026-09-01 00:00:00',
    0,
    '2026-09-01 00:40:00',
  ],
])('a payment %s', async (_, platformTime, from, effective, timeExpire) => {
  const answerOrder: Handler = (request, response) => {
    response.setHeader('date', new Date(parseBeijing(platformTime) ?? 0).toUTCString());
    respondError('NotFound')(request, response);
  };
  gateway.handlers.queryPayment = answerOrder;
  await gateway.shingsou.payments.queryPayment(ORDER_NUMBER).catch(() => undefined);
  const result = await gateway.shingsou.payments.createPayment({
    ...order,
    effectiveFrom: parseBeijing(from) ?? 0,
    settlementDay: LAST_DAY_OF_MONTH,
    payBefore: parseBeijing('2026-09-01 00:40:00') ?? 0,
  });
  expect(result.outcome).toBe('done');
  expect(lastBody('/payment/Payment')).toMatchObject({ effective });
  expect(lastBody('/payment/v2/WechatPay/AppletPay')).toMatchObject({ timeExpire });
});

test('a payment is not sent for a billing month that has passed', async () => {
  const start = { effectiveFrom: 0, settlementDay: LAST_DAY_OF_MONTH, payBefore: 0 };
  const result = await gateway.shingsou.payments.createPayment({ ...order, ...start });
  expect(result).toMatchObject({ outcome: 'refused', reason: 'rejected' });
  expect(gateway.timesCalled('createPayment')).toBe(0);
});
