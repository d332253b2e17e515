import { fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import {
  respondSuccess,
  dropConnection,
  respondError,
  startScriptedGateway,
} from './testing/scripted-gateway';
import type { ScriptedGateway } from './testing/scripted-gateway';
import * as samples from './testing/samples';
import { orderedStart } from '../testing/ordered-start';

const { ICCID, ORDER_NUMBER } = samples;

let gateway: ScriptedGateway;
beforeEach(async () => {
  gateway = await startScriptedGateway();
});
afterEach(() => gateway.close());

describe('a package paid through another channel', () => {
  const order = {
    orderNumber: ORDER_NUMBER,
    cardRef: ICCID,
    packageId: 'p1',
    ...orderedStart('now'),
    amount: fen(1800),
  } as const;
  const ordered = () => gateway.shingsou.cards.orderPackage(order);

  it('is charged to the shop’s balance, and can be ordered again under its number', async () => {
    gateway.handlers.createPayment = respondSuccess(samples.registered);
    expect(gateway.shingsou.cards.idempotentOrders).toBe(true);
    expect(await ordered()).toEqual({ outcome: 'done', value: { reference: null } });
    expect(await ordered()).toEqual({ outcome: 'done', value: { reference: null } });
    const bodies = gateway.requests
      .filter(({ path }) => path === '/payment/Payment')
      .map(({ body }) => body);
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      outTradeNo: ORDER_NUMBER,
      cardNo: ICCID,
      payType: 1,
      totalAmount: '18.00',
    });
  });

  it.each(['NOTENOUGH', 'NotFound', 'UnprocessableEntity', 'ORDERCLOSED'])(
    'is refused with %s',
    async (name) => {
      gateway.handlers.createPayment = respondError(name);
      expect(await ordered()).toMatchObject({ outcome: 'refused', reason: 'rejected' });
    },
  );

  it.each([
    ['a broken connection', dropConnection],
    ['an internal error', respondError('ExpectationFailed')],
    [
      'an answer with another amount',
      respondSuccess({ ...samples.registered, totalAmount: '17.00' }),
    ],
    [
      'an answer with another number',
      respondSuccess({ ...samples.registered, outTradeNo: 'LK20260301000002' }),
    ],
  ])('is unknown after %s', async (_name, answer) => {
    gateway.handlers.createPayment = answer;
    expect(await ordered()).toMatchObject({ outcome: 'unknown' });
  });

  describe('whose number is already used with other content', () => {
    beforeEach(() => {
      gateway.handlers.createPayment = respondError('INVALID_REQUEST');
    });

    it('counts as ordered if the platform lists it, so that it is not both refunded and delivered', async () => {
      gateway.handlers.orders = respondSuccess({ total: 1, items: [samples.platformOrder] });
      expect(await ordered()).toEqual({ outcome: 'done', value: { reference: null } });
    });

    it('is refused if the platform lists none', async () => {
      gateway.handlers.orders = respondSuccess({ total: 0, items: [] });
      expect(await ordered()).toMatchObject({ outcome: 'refused', reason: 'rejected' });
    });

    it('is unknown if the platform does not answer', async () => {
      gateway.handlers.orders = dropConnection;
      expect(await ordered()).toMatchObject({ outcome: 'unknown' });
    });
  });
});

describe('the orders of a day', () => {
  const ofDay = () => gateway.shingsou.cards.ordersOfDay('2026-02-28');
  const ordersNumbered = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...samples.platformOrder,
      orderNo: `XY${String(index)}`,
      outTradeNo: `LK202602280${String(index).padStart(5, '0')}`,
    }));

  it('are queried page by page, from midnight to midnight in Beijing', async () => {
    const items = ordersNumbered(230);
    gateway.handlers.orders = (request, response) => {
      const from = (Number(request.query.get('pageIndex')) - 1) * 100;
      respondSuccess({ total: items.length, items: items.slice(from, from + 100) })(
        request,
        response,
      );
    };
    const orders = await ofDay();
    expect(orders?.map(({ orderNumber }) => orderNumber)).toEqual(
      items.map(({ outTradeNo }) => outTradeNo),
    );
    expect(gateway.timesCalled('orders')).toBe(3);
    const query = gateway.requests.at(-1)?.query;
    expect([query?.get('startTime'), query?.get('endTime')]).toEqual([
      '2026-02-28 00:00:00',
      '2026-03-01 00:00:00',
    ]);
  });

  it.each([
    [
      { payState: 1, deliverState: 3 },
      { paid: true, delivered: true },
    ],
    [
      { payState: 1, deliverState: 1 },
      { paid: true, delivered: false },
    ],
    [
      { payState: 0, deliverState: 0 },
      { paid: false, delivered: false },
    ],
    [
      { payState: 2, deliverState: 2 },
      { paid: false, delivered: false },
    ],
  ])('are read from %j', async (change, expected) => {
    gateway.handlers.orders = respondSuccess({
      total: 1,
      items: [{ ...samples.platformOrder, ...change }],
    });
    expect(await ofDay()).toEqual([
      { orderNumber: ORDER_NUMBER, packageId: 'p1', amount: 1800, ...expected },
    ]);
  });

  it.each([
    ['a page is missing', { total: 101, items: ordersNumbered(100) }],
    ['an order is duplicated', { total: 2, items: [ordersNumbered(1)[0], ordersNumbered(1)[0]] }],
    ['there are more orders than the total', { total: 1, items: ordersNumbered(2) }],
  ])('are unavailable if %s', async (_name, answer) => {
    gateway.handlers.orders = (request, response) => {
      const isFirst = request.query.get('pageIndex') === '1';
      respondSuccess(isFirst ? answer : { ...answer, items: [] })(request, response);
    };
    await expect(ofDay()).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it.each([
    ['an unknown payment state', { payState: 9 }],
    ['no valid card number', { iccid: '0' }],
    ['an invalid amount', { totalAmount: '18.005' }],
    ['an invalid time', { createdAt: 'yesterday' }],
  ])('leave out an order with %s', async (_name, change) => {
    const [first, second] = ordersNumbered(2);
    gateway.handlers.orders = respondSuccess({
      total: 2,
      items: [{ ...first, ...change }, second],
    });
    expect((await ofDay())?.map(({ orderNumber }) => orderNumber)).toEqual([second!.outTradeNo]);
  });
});
