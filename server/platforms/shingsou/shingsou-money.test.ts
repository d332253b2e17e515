import { beijingDate } from '@shared/beijing-time';
import { fen } from '@shared/money';
import { openShop } from './testing/shop';
import type { Shop } from './testing/shop';
import { placed } from '../testing/placed';

/** The adapter against the simulated platform, over real HTTP: two independent readings of one protocol. */

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

describe('a refund', () => {
  it('goes through once for its number, and more than was paid is refused', async () => {
    const { orderNumber, amount } = await shop.paidOrder();
    const paid = await shop.shingsou.payments.queryPayment(orderNumber);
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
    expect(await shop.shingsou.payments.queryRefund(refund.refundNumber)).toBe('absent');
    await shop.platforms.faults({ refundNotEnough: true });
    expect(await shop.shingsou.payments.refund(refund)).toEqual({
      outcome: 'done',
      value: 'notEnoughBalance',
    });
    await shop.platforms.faults({});
    for (const expected of ['processing', 'processing']) {
      expect(await shop.shingsou.payments.refund(refund)).toEqual({
        outcome: 'done',
        value: expected,
      });
    }
    await shop.platforms.pass(5);
    expect(await shop.shingsou.payments.queryRefund(refund.refundNumber)).toBe('done');
    expect(await shop.shingsou.payments.queryPayment(orderNumber)).toEqual({
      ...paid,
      state: 'refunded',
    });
    const second = { ...refund, refundNumber: `S${orderNumber}`, amount: fen(1) };
    expect(await shop.shingsou.payments.refund(second)).toMatchObject({ reason: 'rejected' });
    const payments = await shop.platforms.payments();
    expect(payments.map(({ refundedFen }) => refundedFen)).toEqual([amount]);
  });
});

describe('a package paid for elsewhere', () => {
  it('is delivered once for its number, listed on its day, and in no bill', async () => {
    const order = await shop.newOrder();
    for (const turn of ['first', 'again']) {
      expect([turn, await shop.shingsou.cards.orderPackage(order)]).toEqual([
        turn,
        { outcome: 'done', value: { reference: null } },
      ]);
    }
    const day = beijingDate(await shop.platforms.now());
    const { orderNumber, packageId, amount } = order;
    const listed = { orderNumber, packageId, amount, paid: true };
    expect(await shop.shingsou.cards.ordersOfDay(day)).toEqual([{ ...listed, delivered: false }]);
    await shop.platforms.pass(4);
    expect(await shop.shingsou.cards.delivery(placed(orderNumber))).toMatchObject({
      state: 'delivered',
    });
    expect(await shop.shingsou.cards.ordersOfDay(day)).toEqual([{ ...listed, delivered: true }]);
    expect(await shop.platforms.payments()).toEqual([]);
  });

  it('is refused where the shop’s balance does not reach, and no order is kept', async () => {
    await shop.platforms.faults({ agentBalanceShort: true });
    const order = await shop.newOrder();
    expect(await shop.shingsou.cards.orderPackage(order)).toMatchObject({
      outcome: 'refused',
      reason: 'rejected',
    });
    expect(await shop.shingsou.cards.delivery(placed(order.orderNumber))).toEqual({
      state: 'absent',
    });
  });

  it('counts as ordered where only our notify address has changed since', async () => {
    const order = await shop.newOrder();
    expect(await shop.shingsou.cards.orderPackage(order)).toMatchObject({ outcome: 'done' });
    await shop.reconnect({ notifyUrl: 'http://127.0.0.1:9/moved' });
    expect(await shop.shingsou.cards.orderPackage(order)).toMatchObject({ outcome: 'done' });
  });
});

describe('the bill of a day', () => {
  it('is there from ten o’clock of the next, with what was paid and what goes back', async () => {
    const { orderNumber, amount } = await shop.paidOrder();
    const paid = await shop.shingsou.payments.queryPayment(orderNumber);
    if (paid.state !== 'paid') throw new Error(paid.state);
    const { transactionId } = paid;
    const refund = { refundNumber: `R${orderNumber}`, amount: fen(1), reason: '部分退款' };
    await shop.shingsou.payments.refund({ orderNumber, transactionId, paid: amount, ...refund });
    const day = beijingDate(await shop.platforms.now());
    expect(await shop.shingsou.payments.downloadBill(day)).toBeUndefined();
    await shop.platforms.pass(34 * 60 * 60);
    const line = { orderNumber, transactionId };
    expect(await shop.shingsou.payments.downloadBill(day)).toEqual([
      { ...line, kind: 'payment', refundNumber: null, amount },
      { ...line, kind: 'refund', refundNumber: refund.refundNumber, amount: 1 },
    ]);
  });
});
