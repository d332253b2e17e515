import { fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import { startShopFixture } from './testing/shop-fixture';
import type { ShopFixture } from './testing/shop-fixture';
import { placedOrder } from '../testing/placed-order';
import { orderedStart } from '../testing/ordered-start';

/** Tests the adapter against the simulated platform over HTTP. Both implement the protocol independently. */

let fixture: ShopFixture;
beforeEach(async () => {
  fixture = await startShopFixture();
});
afterEach(() => fixture.close());

describe('signing in', () => {
  it('exchanges a code once', async () => {
    const code = await fixture.platforms.createLoginCode();
    expect(await fixture.shingsou.identity.exchangeCode(code)).toMatchObject({
      outcome: 'done',
      openid: expect.stringMatching(/./),
    });
    expect(await fixture.shingsou.identity.exchangeCode(code)).toEqual({
      outcome: 'refused',
      reason: 'codeInvalid',
    });
  });

  it('refuses codes older than five minutes and codes of a blocked user', async () => {
    const old = await fixture.platforms.createLoginCode();
    await fixture.platforms.advanceClock(301);
    expect(await fixture.shingsou.identity.exchangeCode(old)).toMatchObject({
      reason: 'codeInvalid',
    });
    const fresh = await fixture.platforms.createLoginCode();
    await fixture.platforms.setFaults({ loginBlocked: true });
    expect(await fixture.shingsou.identity.exchangeCode(fresh)).toMatchObject({
      reason: 'blocked',
    });
  });
});

describe('cards', () => {
  it('are all found by ICCID and reported with their carrier and its code', async () => {
    for (const { iccid, accessNumber, carrier, carrierCode } of fixture.platforms.cards) {
      const card = { ref: iccid, iccid, accessNumber, carrier };
      expect(await fixture.shingsou.cards.find({ kind: 'iccid', value: iccid })).toEqual([card]);
      expect(await fixture.shingsou.cards.report(iccid)).toMatchObject({ ...card, carrierCode });
    }
  });

  it('are found by access number, and by the last digits of the ICCID even if two share them', async () => {
    const { accessNumber } = fixture.demoCard();
    const byAccess = await fixture.shingsou.cards.find({
      kind: 'accessNumber',
      value: accessNumber ?? '',
    });
    expect(byAccess).toMatchObject([{ iccid: fixture.demoCard().iccid }]);
    const suffixes = fixture.platforms.cards.map(({ iccid }) => iccid.slice(-10));
    const shared = suffixes.find((suffix, index) => suffixes.indexOf(suffix) !== index) ?? '';
    const found = await fixture.shingsou.cards.find({ kind: 'iccidSuffix', value: shared });
    expect(found.map(({ iccid }) => iccid).sort()).toEqual(
      fixture.platforms.cards
        .map(({ iccid }) => iccid)
        .filter((iccid) => iccid.endsWith(shared))
        .sort(),
    );
    expect(found).toHaveLength(2);
  });

  it('that do not exist are not found, not reported, and have no packages', async () => {
    const unknownIccid = '89860399999999999999';
    expect(await fixture.shingsou.cards.find({ kind: 'iccid', value: unknownIccid })).toEqual([]);
    expect(await fixture.shingsou.cards.find({ kind: 'iccidSuffix', value: '9999999999' })).toEqual(
      [],
    );
    expect(await fixture.shingsou.cards.find({ kind: 'customNumber', value: '123456' })).toEqual(
      [],
    );
    expect(await fixture.shingsou.cards.report(unknownIccid)).toBeUndefined();
    expect(await fixture.shingsou.cards.packagesOnSale(unknownIccid)).toEqual({
      categories: [],
      offers: [],
    });
  });

  it('have packages on sale in known categories, without omissions', async () => {
    const { categories, offers } = await fixture.shingsou.cards.packagesOnSale(
      fixture.demoCard().iccid,
    );
    const ids = categories.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(offers.map(({ categoryId }) => categoryId))).toEqual(new Set(ids));
    expect(offers.every(({ price }) => Number.isInteger(price) && Number(price) > 0)).toBe(true);
  });
});

describe('an order', () => {
  it('is paid with a payment sheet that WeChat accepts, confirmed by the channel, and delivered', async () => {
    const order = await fixture.newOrder();
    expect(await fixture.shingsou.cards.delivery(placedOrder(order.orderNumber))).toEqual({
      state: 'absent',
      platformTime: expect.any(Number),
    });
    const before = await fixture.shingsou.cards.report(order.cardRef);
    const paymentRequest = await fixture.createPaymentRequest(order);
    expect(Object.keys(paymentRequest).sort()).toEqual(
      ['nonceStr', 'package', 'paySign', 'signType', 'timeStamp'].sort(),
    );
    expect(await fixture.shingsou.payments.queryPayment(order.orderNumber)).toEqual({
      state: 'unpaid',
    });
    expect(await fixture.platforms.completePayment(paymentRequest, 'pay')).toBe(
      'requestPayment:ok',
    );
    expect(await fixture.shingsou.payments.queryPayment(order.orderNumber)).toMatchObject({
      state: 'paid',
      amount: order.amount,
      openid: order.openid,
      transactionId: expect.stringMatching(/^4200\d+$/),
    });
    expect(await fixture.shingsou.cards.delivery(placedOrder(order.orderNumber))).toEqual({
      state: 'pending',
    });
    await fixture.platforms.advanceClock(4);
    const delivery = await fixture.shingsou.cards.delivery(placedOrder(order.orderNumber));
    expect(delivery.state).toBe('delivered');
    const after = await fixture.shingsou.cards.report(order.cardRef);
    expect(after?.packages.length).toBe((before?.packages.length ?? 0) + 1);
  });

  it('can be paid with a new payment sheet under its number after the user cancels the first', async () => {
    const order = await fixture.newOrder();
    expect(
      await fixture.platforms.completePayment(await fixture.createPaymentRequest(order), 'cancel'),
    ).toBe('requestPayment:fail cancel');
    expect(
      await fixture.platforms.completePayment(await fixture.createPaymentRequest(order), 'pay'),
    ).toBe('requestPayment:ok');
  });

  it('is refused if it was paid, closed or changed, or the package is not on sale', async () => {
    const paid = await fixture.paidOrder();
    expect(await fixture.shingsou.payments.createPayment(paid)).toMatchObject({
      reason: 'alreadyPaid',
    });
    const closed = await fixture.newOrder();
    await fixture.createPaymentRequest(closed);
    await fixture.platforms.advanceClock(301);
    await fixture.shingsou.payments.closePayment(closed.orderNumber);
    expect(await fixture.shingsou.payments.createPayment(closed)).toMatchObject({
      reason: 'closed',
    });
    const changed = await fixture.newOrder();
    await fixture.createPaymentRequest(changed);
    for (const change of [
      { payBefore: changed.payBefore + 60_000 },
      { amount: fen(1) },
      { orderNumber: 'LKTESTOTHER', packageId: 'none' },
    ]) {
      expect(
        await fixture.shingsou.payments.createPayment({ ...changed, ...change }),
      ).toMatchObject({
        reason: 'rejected',
      });
    }
  });

  it('is absent if unknown, and a wrong paid amount is reported as it is', async () => {
    expect(await fixture.shingsou.payments.queryPayment('LKTESTNOBODY')).toEqual({
      state: 'absent',
    });
    await fixture.platforms.setFaults({ wrongAmount: true });
    const order = await fixture.paidOrder();
    expect(await fixture.shingsou.payments.queryPayment(order.orderNumber)).toMatchObject({
      state: 'paid',
      amount: order.amount - 1,
    });
  });

  it('can be closed after five minutes unless it is paid', async () => {
    const { closePayment, queryPayment } = fixture.shingsou.payments;
    const order = await fixture.newOrder();
    await fixture.createPaymentRequest(order);
    expect(await closePayment(order.orderNumber)).toMatchObject({ reason: 'tooEarly' });
    await fixture.platforms.advanceClock(301);
    for (const turn of ['closing', 'closing again']) {
      expect([turn, await closePayment(order.orderNumber)]).toEqual([
        turn,
        { outcome: 'done', value: null },
      ]);
    }
    expect(await queryPayment(order.orderNumber)).toEqual({ state: 'closed' });
    expect(await closePayment('LKTESTNOBODY')).toEqual({ outcome: 'done', value: null });
    const paid = await fixture.paidOrder();
    expect(await closePayment(paid.orderNumber)).toMatchObject({ reason: 'alreadyPaid' });
  });

  it('has a reason after its delivery fails', async () => {
    await fixture.platforms.setFaults({ deliveryFails: true });
    const order = await fixture.paidOrder();
    await fixture.platforms.advanceClock(4);
    expect(await fixture.shingsou.cards.delivery(placedOrder(order.orderNumber))).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/./),
    });
  });
});

describe('a fault', () => {
  it('of a revoked token does not affect the calls', async () => {
    const order = await fixture.newOrder();
    const paymentRequest = await fixture.createPaymentRequest(order);
    await fixture.platforms.setFaults({ revokeToken: true });
    await Promise.all([
      fixture.shingsou.cards.report(order.cardRef),
      fixture.shingsou.cards.packagesOnSale(order.cardRef),
      fixture.shingsou.payments.queryPayment(order.orderNumber),
    ]);
    await fixture.platforms.setFaults({ revokeToken: true });
    expect((await fixture.signIn()).length).toBeGreaterThan(0);
    expect(await fixture.platforms.completePayment(paymentRequest, 'pay')).toBe(
      'requestPayment:ok',
    );
  });

  it.each(['gatewayDown', 'garbage', 'tokenServerDown'])(
    '%s makes queries fail and leaves the outcome of writes unknown',
    async (fault) => {
      await fixture.platforms.setFaults({ [fault]: true });
      const { iccid } = fixture.demoCard();
      const { cards: cardPort, payments, identity } = fixture.shingsou;
      for (const query of [
        () => cardPort.find({ kind: 'iccid', value: iccid }),
        () => cardPort.find({ kind: 'iccidSuffix', value: iccid.slice(-10) }),
        () => cardPort.report(iccid),
        () => cardPort.packagesOnSale(iccid),
        () => cardPort.delivery(placedOrder('LKTEST')),
        () => payments.queryPayment('LKTEST'),
        () => payments.queryRefund('LKTEST'),
        () => cardPort.ordersOfDay('2026-03-01'),
        () => payments.downloadBill('2026-03-01'),
        () => identity.exchangeCode('code'),
      ]) {
        await expect(query()).rejects.toBeInstanceOf(PlatformUnavailable);
      }
      const order = {
        cardRef: iccid,
        packageId: '1',
        packageName: '2GB',
        ...orderedStart('now'),
        openid: 'o',
        payBefore: 0,
      } as const;
      const amount = fen(100);
      for (const act of [
        () => payments.createPayment({ ...order, orderNumber: 'LKTEST', amount }),
        () => payments.closePayment('LKTEST'),
        () => cardPort.orderPackage({ ...order, orderNumber: 'LKTEST', amount }),
        () =>
          payments.refund({
            orderNumber: 'LKTEST',
            transactionId: '4200000000',
            refundNumber: 'LR',
            paid: amount,
            amount,
            reason: 'x',
          }),
      ]) {
        expect(await act()).toMatchObject({ outcome: 'unknown' });
      }
    },
  );

  it.each(['paymentPostTimeout', 'appletPayTimeout'])(
    '%s leaves the outcome unknown, and a retry under the same number succeeds',
    async (fault) => {
      const order = await fixture.newOrder();
      await fixture.reconnect({ totalTimeout: 1_000 });
      await fixture.platforms.setFaults({ [fault]: true });
      expect(await fixture.shingsou.payments.createPayment(order)).toMatchObject({
        outcome: 'unknown',
      });
      await fixture.platforms.setFaults({});
      await fixture.reconnect();
      expect(
        await fixture.platforms.completePayment(await fixture.createPaymentRequest(order), 'pay'),
      ).toBe('requestPayment:ok');
      expect(await fixture.shingsou.payments.queryPayment(order.orderNumber)).toMatchObject({
        state: 'paid',
        amount: order.amount,
      });
    },
  );
});
