import { fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import { orderedStart } from '../testing/ordered-start';
import {
  NOTIFY_URL,
  respondSuccess,
  dropConnection,
  respondError,
  startScriptedGateway,
} from './testing/scripted-gateway';
import type { ScriptedGateway } from './testing/scripted-gateway';
import * as samples from './testing/samples';

const { ICCID, ORDER_NUMBER, REFUND_NUMBER } = samples;

const order = {
  orderNumber: ORDER_NUMBER,
  cardRef: ICCID,
  packageId: 'p1',
  packageName: '2GB 月包',
  ...orderedStart('nextMonth'),
  amount: fen(1800),
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  payBefore: Date.UTC(2026, 2, 1, 2, 30),
} as const;

const refundOrder = {
  orderNumber: ORDER_NUMBER,
  transactionId: samples.paidTrade.transactionId,
  refundNumber: REFUND_NUMBER,
  paid: fen(1800),
  amount: fen(1800),
  reason: '充值未成功',
};

const internalError = respondError('ExpectationFailed');

let gateway: ScriptedGateway;
beforeEach(async () => {
  gateway = await startScriptedGateway();
});
afterEach(() => gateway.close());

function lastBody(path: string): unknown {
  const request = gateway.requests.findLast((each) => each.path === path);
  return JSON.parse(request?.body ?? 'null');
}

describe('creating a payment', () => {
  const create = () => gateway.shingsou.payments.createPayment(order);
  beforeEach(() => {
    gateway.handlers.createPayment = respondSuccess(samples.registered);
    gateway.handlers.appletPay = respondSuccess(samples.paymentRequest);
  });

  it('registers the order, then returns only the parameters of the payment sheet', async () => {
    const { timeStamp, nonceStr, package: prepay, signType, paySign } = samples.paymentRequest;
    expect(await create()).toEqual({
      outcome: 'done',
      value: { timeStamp, nonceStr, package: prepay, signType, paySign },
    });
    expect(lastBody('/payment/Payment')).toEqual({
      outTradeNo: ORDER_NUMBER,
      cardNo: ICCID,
      productId: 'p1',
      effective: 1,
      totalAmount: '18.00',
      notifyUrl: NOTIFY_URL,
    });
    expect(lastBody('/payment/v2/WechatPay/AppletPay')).toEqual({
      orderNo: 'XY0001',
      openId: order.openid,
      timeExpire: '2026-03-01 10:30:00',
    });
  });

  it.each(['createPayment', 'appletPay'] as const)('passes on a refusal of %s', async (name) => {
    for (const [refusal, reason] of [
      ['ORDERPAID', 'alreadyPaid'],
      ['ORDERCLOSED', 'closed'],
      ['INVALID_REQUEST', 'rejected'],
      ['NotFound', 'rejected'],
      ['UnprocessableEntity', 'rejected'],
    ] as const) {
      gateway.handlers[name] = respondError(refusal);
      expect(await create()).toEqual({
        outcome: 'refused',
        reason,
        message: `${refusal}: 说明`,
      });
    }
  });

  it.each(['createPayment', 'appletPay'] as const)(
    'is unknown if %s returns no usable answer',
    async (name) => {
      for (const answer of [dropConnection, internalError, respondSuccess({ damaged: true })]) {
        gateway.handlers[name] = answer;
        expect(await create()).toMatchObject({ outcome: 'unknown' });
      }
    },
  );

  it.each([
    ['for another amount', { totalAmount: '18.01' }],
    ['under another number', { outTradeNo: 'LK20260301000002' }],
  ])('stops if the order was registered %s', async (_name, change) => {
    gateway.handlers.createPayment = respondSuccess({ ...samples.registered, ...change });
    expect(await create()).toMatchObject({ outcome: 'unknown' });
    expect(gateway.timesCalled('appletPay')).toBe(0);
    expect(gateway.warnings[0]?.message).toBe('the registered order does not match the request');
  });

  it('rejects parameters signed for another mini-program', async () => {
    gateway.handlers.appletPay = respondSuccess({
      ...samples.paymentRequest,
      appId: 'wxffffffffffffffff',
    });
    expect(await create()).toMatchObject({ outcome: 'unknown' });
    expect(gateway.warnings[0]?.message).toBe(
      'the payment request is signed for another mini-program',
    );
  });
});

describe('querying a payment', () => {
  const query = () => gateway.shingsou.payments.queryPayment(ORDER_NUMBER);
  const answerWith = (change: object) => {
    gateway.handlers.queryPayment = respondSuccess({ ...samples.paidTrade, ...change });
  };

  it('takes amount, payer and time from the channel', async () => {
    answerWith({ totalAmount: '17.99' });
    expect(await query()).toEqual({
      state: 'paid',
      amount: 1799,
      transactionId: samples.paidTrade.transactionId,
      openid: samples.paidTrade.openId,
      paidAt: Date.UTC(2026, 2, 1),
    });
  });

  it.each([
    ['NOTPAY', 'unpaid'],
    ['CLOSED', 'closed'],
  ])('reads %s as %s', async (tradeState, state) => {
    answerWith({ tradeState, transactionId: null, openId: null, timeEnd: null });
    expect(await query()).toEqual({ state });
  });

  it('still reports the payment after a partial refund', async () => {
    answerWith({ tradeState: 'REFUND' });
    const { transactionId, openId } = samples.paidTrade;
    expect(await query()).toEqual({
      state: 'refunded',
      amount: 1800,
      transactionId,
      openid: openId,
      paidAt: Date.UTC(2026, 2, 1),
    });
  });

  it('is absent only if the channel does not know the number', async () => {
    gateway.handlers.queryPayment = respondError('ORDERNOTEXIST');
    expect(await query()).toEqual({ state: 'absent' });
  });

  it.each([
    ['an answer about another order', { outTradeNo: 'LK20260301000002' }],
    ['a payment without its number', { transactionId: null }],
    ['a payment without its time', { timeEnd: null }],
    ['a refunded payment without its number', { tradeState: 'REFUND', transactionId: null }],
    ['a payment at an invalid time', { timeEnd: '2026-02-30 00:00:00' }],
    ['an unknown state', { tradeState: 'ACCEPT' }],
  ])('fails after %s', async (_name, change) => {
    answerWith(change);
    await expect(query()).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it.each(['NotFound', 'INVALID_REQUEST', 'SYSTEMERROR'])(
    'fails if the channel refuses with %s',
    async (name) => {
      gateway.handlers.queryPayment = respondError(name);
      await expect(query()).rejects.toBeInstanceOf(PlatformUnavailable);
    },
  );
});

describe('closing a payment', () => {
  const close = () => gateway.shingsou.payments.closePayment(ORDER_NUMBER);

  it('is done', async () => {
    gateway.handlers.closePayment = respondSuccess({ outTradeNo: ORDER_NUMBER });
    expect(await close()).toEqual({ outcome: 'done', value: null });
  });

  it.each(['ORDERCLOSED', 'ORDERNOTEXIST'])(
    'is done if there is nothing to close: %s',
    async (name) => {
      gateway.handlers.closePayment = respondError(name);
      expect(await close()).toEqual({ outcome: 'done', value: null });
    },
  );

  it.each([
    ['INVALID_REQUEST', 'tooEarly'],
    ['ORDERPAID', 'alreadyPaid'],
    ['UnprocessableEntity', 'rejected'],
  ])('is refused on %s as %s', async (name, reason) => {
    gateway.handlers.closePayment = respondError(name);
    expect(await close()).toMatchObject({ outcome: 'refused', reason });
  });

  it.each([
    ['a broken connection', dropConnection],
    ['an internal error', internalError],
    ['an answer about another order', respondSuccess({ outTradeNo: 'LK20260301000002' })],
  ])('is unknown after %s', async (_name, answer) => {
    gateway.handlers.closePayment = answer;
    expect(await close()).toMatchObject({ outcome: 'unknown' });
  });
});

describe('a refund', () => {
  const refund = () => gateway.shingsou.payments.refund(refundOrder);
  const queryRefund = () => gateway.shingsou.payments.queryRefund(REFUND_NUMBER);

  it.each([
    ['PROCESSING', 'processing'],
    ['SUCCESS', 'done'],
    ['CLOSED', 'closed'],
    ['ABNORMAL', 'abnormal'],
  ])('with status %s is %s, in the response and in a later query', async (status, state) => {
    gateway.handlers.refund = respondSuccess({ ...samples.refund, status });
    gateway.handlers.queryRefund = respondSuccess({ ...samples.refund, status });
    expect(await refund()).toEqual({ outcome: 'done', value: state });
    expect(await queryRefund()).toBe(state);
  });

  it('is sent with both amounts in yuan and its refund number', async () => {
    gateway.handlers.refund = respondSuccess({ ...samples.refund, refundAmount: '0.05' });
    await gateway.shingsou.payments.refund({ ...refundOrder, amount: fen(5) });
    expect(lastBody('/payment/v2/WechatPay/Refund')).toEqual({
      outTradeNo: ORDER_NUMBER,
      outRefundNo: REFUND_NUMBER,
      totalAmount: '18.00',
      refundAmount: '0.05',
      reason: '充值未成功',
    });
  });

  it('waits if the merchant balance is insufficient', async () => {
    gateway.handlers.refund = respondError('NOTENOUGH');
    expect(await refund()).toEqual({ outcome: 'done', value: 'notEnoughBalance' });
  });

  it('can be refused', async () => {
    gateway.handlers.refund = respondError('INVALID_REQUEST');
    expect(await refund()).toMatchObject({ outcome: 'refused', reason: 'rejected' });
  });

  it.each([
    ['a broken connection', dropConnection],
    ['an internal error', internalError],
    ['an answer about another refund', respondSuccess({ ...samples.refund, outRefundNo: 'LR2' })],
    ['an answer about another amount', respondSuccess({ ...samples.refund, refundAmount: '1.00' })],
  ])('is unknown after %s', async (_name, answer) => {
    gateway.handlers.refund = answer;
    expect(await refund()).toMatchObject({ outcome: 'unknown' });
  });

  it('is absent if the channel does not know its number', async () => {
    gateway.handlers.queryRefund = respondError('REFUNDNOTEXIST');
    expect(await queryRefund()).toBe('absent');
  });

  it.each([
    ['another refusal', respondError('ORDERNOTEXIST')],
    ['an answer about another refund', respondSuccess({ ...samples.refund, outRefundNo: 'LR2' })],
    ['a broken connection', dropConnection],
  ])('cannot be queried after %s', async (_name, answer) => {
    gateway.handlers.queryRefund = answer;
    await expect(queryRefund()).rejects.toBeInstanceOf(PlatformUnavailable);
  });
});

describe('a notification', () => {
  const read = (body: string) =>
    gateway.shingsou.payments.readNotification({ headers: {}, body: Buffer.from(body) });

  it.each([
    ['paid', 'payment'],
    ['delivered', 'delivery'],
    ['deliveryFailed', 'delivery'],
    ['refunded', 'refund'],
    ['somethingNew', 'delivery'],
  ])('with the event %s is about the %s, and is not trusted', async (event, kind) => {
    const body = JSON.stringify({ event, outTradeNo: ORDER_NUMBER, orderNo: 'XY0001' });
    expect(await read(body)).toEqual({
      outcome: 'taken',
      notification: {
        id: `${ORDER_NUMBER}|${event}`,
        kind,
        orderNumber: ORDER_NUMBER,
        transactionId: null,
        signed: false,
      },
    });
  });

  it.each([
    ['nothing', ''],
    ['invalid JSON', '{'],
    ['a list', '[]'],
    ['no event', `{"outTradeNo":"${ORDER_NUMBER}"}`],
    ['an invalid event name', `{"event":"<b>","outTradeNo":"${ORDER_NUMBER}"}`],
    [
      'an event name that is too long',
      `{"event":"${'a'.repeat(33)}","outTradeNo":"${ORDER_NUMBER}"}`,
    ],
    ['a malformed order number', '{"event":"paid","outTradeNo":"x|y z"}'],
    [
      'a duplicate order number',
      `{"event":"paid","outTradeNo":"${ORDER_NUMBER}","outTradeNo":"LK2"}`,
    ],
  ])('is refused if it has %s', async (_name, body) => {
    expect(await read(body)).toMatchObject({
      outcome: 'refused',
      reason: 'notification.invalid',
    });
  });
});

describe('the bill of a day', () => {
  const download = () => gateway.shingsou.payments.downloadBill('2026-03-01');

  it('has payments and refunds with their amounts', async () => {
    gateway.handlers.downloadBill = respondSuccess({
      total: 2,
      items: [samples.billedPayment, samples.billedRefund],
    });
    const transactionId = samples.paidTrade.transactionId;
    expect(await download()).toEqual([
      {
        kind: 'payment',
        orderNumber: ORDER_NUMBER,
        transactionId,
        refundNumber: null,
        amount: 1800,
      },
      {
        kind: 'refund',
        orderNumber: ORDER_NUMBER,
        transactionId,
        refundNumber: REFUND_NUMBER,
        amount: 500,
      },
    ]);
    expect(gateway.requests.at(-1)?.query.get('billDate')).toBe('20260301');
  });

  it('is undefined before the platform generates it', async () => {
    gateway.handlers.downloadBill = respondError('NO_STATEMENT_EXIST');
    expect(await download()).toBeUndefined();
  });

  it.each([
    ['a refund without its number', { ...samples.billedRefund, outRefundNo: null }],
    ['a payment with a refund’s number', { ...samples.billedPayment, outRefundNo: 'LR1' }],
    ['an unknown state', { ...samples.billedPayment, tradeState: 'REVOKED' }],
    ['a damaged amount', { ...samples.billedPayment, totalAmount: '`abc' }],
    ['no time', { ...samples.billedPayment, time: '' }],
  ])('has an unreadable entry for an item with %s, and the others', async (_name, item) => {
    const items = [{ ...item, transactionId: 'T2' }, samples.billedRefund];
    gateway.handlers.downloadBill = respondSuccess({ total: 2, items });
    expect(await download()).toEqual(
      expect.arrayContaining([
        {
          kind: 'unreadable',
          orderNumber: ORDER_NUMBER,
          transactionId: 'T2',
          refundNumber: null,
          amount: 0,
        },
        expect.objectContaining({ kind: 'refund', refundNumber: REFUND_NUMBER, amount: 500 }),
      ]),
    );
  });
});
