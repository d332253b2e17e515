import { beijingDate } from '@shared/beijing-time';
import { fen } from '@shared/money';
import { startShopFixture } from './testing/shop-fixture';
import type { ShopFixture } from './testing/shop-fixture';
import { placedOrder } from '../testing/placed-order';

/** Tests the adapter against the simulated platform over HTTP. Both implement the protocol independently. */

let fixture: ShopFixture;
beforeEach(async () => {
  fixture = await startShopFixture();
});
afterEach(() => fixture.close());

describe('a refund', () => {
  it('is made once per refund number, and refused if it exceeds the payment', async () => {
    const { orderNumber, amount } = await fixture.paidOrder();
    const paid = await fixture.shingsou.payments.queryPayment(orderNumber);
    if (paid.state !== 'paid') throw new Error(paid.state);
    const { transactionId } = paid;
    const refund = {
      orderNumber,
      transactionId,
      refundNumber: `R${orderNumber}`,
      paid: amount,
      amount,
      reason: '充值未成功',
    };
    expect(await fixture.shingsou.payments.queryRefund(refund.refundNumber)).toBe('absent');
    await fixture.platforms.setFaults({ refundNotEnough: true });
    expect(await fixture.shingsou.payments.refund(refund)).toEqual({
      outcome: 'done',
      value: 'notEnoughBalance',
    });
    await fixture.platforms.setFaults({});
    for (const expected of ['processing', 'processing']) {
      expect(await fixture.shingsou.payments.refund(refund)).toEqual({
        outcome: 'done',
        value: expected,
      });
    }
    await fixture.platforms.advanceClock(5);
    expect(await fixture.shingsou.payments.queryRefund(refund.refundNumber)).toBe('done');
    expect(await fixture.shingsou.payments.queryPayment(orderNumber)).toEqual({
      ...paid,
      state: 'refunded',
    });
    const second = { ...refund, refundNumber: `S${orderNumber}`, amount: fen(1) };
    expect(await fixture.shingsou.payments.refund(second)).toMatchObject({ reason: 'rejected' });
    const payments = await fixture.platforms.payments();
    expect(payments.map(({ refundedFen }) => refundedFen)).toEqual([amount]);
  });
});

describe('a package paid through another channel', () => {
  it('is delivered once per order number, listed on its day, and not in the bill', async () => {
    const order = await fixture.newOrder();
    for (const turn of ['first', 'again']) {
      expect([turn, await fixture.shingsou.cards.orderPackage(order)]).toEqual([
        turn,
        { outcome: 'done', value: { reference: null } },
      ]);
    }
    const day = beijingDate(await fixture.platforms.now());
    const { orderNumber, packageId, amount } = order;
    const listed = { orderNumber, packageId, amount, paid: true };
    expect(await fixture.shingsou.cards.ordersOfDay(day)).toEqual([
      { ...listed, delivered: false },
    ]);
    await fixture.platforms.advanceClock(4);
    expect(await fixture.shingsou.cards.delivery(placedOrder(orderNumber))).toMatchObject({
      state: 'delivered',
    });
    expect(await fixture.shingsou.cards.ordersOfDay(day)).toEqual([{ ...listed, delivered: true }]);
    expect(await fixture.platforms.payments()).toEqual([]);
  });

  it('is refused if the shop’s balance is insufficient, and no order is stored', async () => {
    await fixture.platforms.setFaults({ agentBalanceShort: true });
    const order = await fixture.newOrder();
    expect(await fixture.shingsou.cards.orderPackage(order)).toMatchObject({
      outcome: 'refused',
      reason: 'rejected',
    });
    expect(await fixture.shingsou.cards.delivery(placedOrder(order.orderNumber))).toEqual({
      state: 'absent',
      platformTime: expect.any(Number),
    });
  });

  it('counts as ordered if only the notify address has changed', async () => {
    const order = await fixture.newOrder();
    expect(await fixture.shingsou.cards.orderPackage(order)).toMatchObject({ outcome: 'done' });
    await fixture.reconnect({ notifyUrl: 'http://127.0.0.1:9/moved' });
    expect(await fixture.shingsou.cards.orderPackage(order)).toMatchObject({ outcome: 'done' });
  });
});

describe('the bill of a day', () => {
  it('is ready at 10:00 on the next day, with payments and refunds', async () => {
    const { orderNumber, amount } = await fixture.paidOrder();
    const paid = await fixture.shingsou.payments.queryPayment(orderNumber);
    if (paid.state !== 'paid') throw new Error(paid.state);
    const { transactionId } = paid;
    const refund = { refundNumber: `R${orderNumber}`, amount: fen(1), reason: '部分退款' };
    await fixture.shingsou.payments.refund({ orderNumber, transactionId, paid: amount, ...refund });
    const day = beijingDate(await fixture.platforms.now());
    expect(await fixture.shingsou.payments.downloadBill(day)).toBeUndefined();
    await fixture.platforms.advanceClock(34 * 60 * 60);
    const line = { orderNumber, transactionId };
    expect(await fixture.shingsou.payments.downloadBill(day)).toEqual([
      { ...line, kind: 'payment', refundNumber: null, amount },
      { ...line, kind: 'refund', refundNumber: refund.refundNumber, amount: 1 },
    ]);
  });
});
