import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import { fen } from '@shared/money';
import { createDakashi } from '../platforms/dakashi';
import { dakashiPackages, openDakashiShop, serials } from '../testing/dakashi-shop';
import { eventually } from '../testing/eventually';
import { dakashiPaths } from '../testing/platform-proxy';
import { newIdempotencyKey, placeOrder, readOrder, storedOrder } from '../testing/shopping';
import { orderedStart } from '../platforms/testing/ordered-start';

/**
 * A recharge at 大卡师 has no order number of ours. If the response to one is lost, its outcome is found by
 * comparing the card's packages before and after, or by a person; the recharge is never requested twice.
 */

const MINUTE = 60_000;

describe('a recharge', () => {
  const shop = openDakashiShop();

  const countRechargeRequests = () => shop.stack.platformProxy.count(dakashiPaths.recharge);

  function rowOf({ id }: Order) {
    const query = 'select outcome, reference, held_before from deliveries where order_id = ?';
    return shop.stack.rows(query, id)[0];
  }

  async function countDelivered(before: number): Promise<number> {
    return (await shop.countOnCard('small')) - before;
  }

  async function resolve(order: Order, outcome: 'delivered' | 'notDelivered'): Promise<void> {
    const body = { outcome, evidence: '向大卡师客服核实过' };
    await shop.supervisor.ok('POST /support/orders/:orderId/resolutions', {
      params: { orderId: order.id },
      body,
    });
  }

  async function refundedFen({ number }: Order): Promise<number | undefined> {
    const { payments } = await shop.stack.sandbox.ledger();
    return payments.find(({ orderNumber }) => orderNumber === number)?.refundedFen;
  }

  /** Recharges the card without the BFF, as an operator does on the platform's own site. */
  async function rechargeByHand(): Promise<void> {
    const { settings, now } = shop.stack;
    const { cards, close } = createDakashi({
      url: settings.DAKASHI_URL ?? '',
      dialect: '2017',
      clientId: settings.DAKASHI_CLIENT_ID ?? '',
      clientSecret: settings.DAKASHI_CLIENT_SECRET ?? '',
      clock: now,
    });
    const order = { orderNumber: 'by hand', cardRef: serials.online, amount: fen(0) };
    const packageId = dakashiPackages.small.id;
    const result = await cards.orderPackage({
      ...order,
      packageId,
      ...orderedStart('now', now()),
    });
    await close();
    expect(result.outcome).toBe('done');
  }

  /** Advances the clock far enough that each order is checked several times. */
  async function advanceMinutes(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 5) {
      await shop.stack.advanceClock(5 * MINUTE);
      await eventually('no job is due', () => {
        const due = 'select count(*) as count from jobs where run_at <= ?';
        return Number(shop.stack.rows(due, shop.stack.now())[0]?.count) === 0;
      });
    }
  }

  test('that is carried out and not answered is found on the card', async () => {
    const before = await shop.countOnCard('small');
    await shop.stack.sandbox.faults({ dakashiRechargeTimeout: true });
    const order = await shop.paidOrder('small');
    await shop.waitFor(order, 'delivered');
    expect(rowOf(order)).toMatchObject({ outcome: 'unknown', reference: null });
    expect(countRechargeRequests()).toBe(1);
    expect(await countDelivered(before)).toBe(1);
  });

  test('whose response is lost is found even if the card gets the package late', async () => {
    const before = await shop.countOnCard('small');
    await shop.stack.sandbox.faults({ deliverySeconds: 15 * 60 });
    shop.stack.platformProxy.dropResponsesOf(dakashiPaths.recharge);
    const order = await shop.paidOrder('small');
    await shop.waitFor(order, 'deliveryUnknown', { stepMs: 30_000 });
    expect(shop.alerts(order.id)).toEqual(['deliveryUnknown']);
    await shop.waitFor(order, 'delivered', { stepMs: 30_000 });
    expect(shop.alerts(order.id)).toEqual([]);
    expect([countRechargeRequests(), await countDelivered(before)]).toEqual([1, 1]);
  });

  describe('that never arrived', () => {
    async function lostOrder(): Promise<Order> {
      shop.stack.platformProxy.dropRequestsTo(dakashiPaths.recharge);
      const order = await shop.paidOrder('small');
      await shop.waitFor(order, 'deliveryUnknown', { stepMs: 30_000 });
      shop.stack.platformProxy.restore();
      return order;
    }

    test('waits for a person, is not requested again, and is refunded when the person says so', async () => {
      const before = await shop.countOnCard('small');
      const order = await lostOrder();
      expect(shop.alerts(order.id)).toEqual(['deliveryUnknown']);
      await advanceMinutes(25);
      expect(await readOrder(shop.customer, order.id)).toMatchObject({ state: 'deliveryUnknown' });
      await resolve(order, 'notDelivered');
      await shop.waitFor(order, 'refunded');
      expect(await refundedFen(order)).toBe(order.amountFen);
      expect([countRechargeRequests(), await countDelivered(before)]).toEqual([1, 0]);
      expect(shop.alerts(order.id)).toEqual([]);
    });

    test('and that a person adds to the card by hand is found there', async () => {
      const order = await lostOrder();
      await rechargeByHand();
      await shop.waitFor(order, 'delivered', { stepMs: 30_000 });
      expect(await refundedFen(order)).toBe(0);
    });
  });

  test('that is refused with an undocumented message calls a person and is not requested again', async () => {
    const purchase = await shop.purchase('large');
    const order = await placeOrder(shop.customer, purchase);
    const { balanceFen } = await shop.stack.sandbox.dakashiState();
    await shop.stack.sandbox.setBalance(0);
    await shop.pay(order);
    await shop.waitFor(order, 'deliveryUnknown', { stepMs: 30_000 });
    await shop.stack.sandbox.setBalance(balanceFen);
    await advanceMinutes(15);
    expect(countRechargeRequests()).toBe(1);
    await resolve(order, 'notDelivered');
    await shop.waitFor(order, 'refunded');
    expect(await shop.recharges('large')).toEqual([]);
  });

  describe('of a process that is killed', () => {
    /** A paid order whose delivery has started, and whose card cannot be read. */
    async function begunOrder(): Promise<Order> {
      shop.stack.platformProxy.dropRequestsTo(dakashiPaths.cardPackages);
      const order = await shop.paidOrder('small');
      await shop.waitFor(order, 'delivering');
      return order;
    }

    test('before it had read the card is requested once by the next process', async () => {
      const before = await shop.countOnCard('small');
      const order = await begunOrder();
      await shop.stack.stopServer();
      expect(rowOf(order)).toEqual({ outcome: 'asked', reference: null, held_before: null });
      expect(countRechargeRequests()).toBe(0);
      shop.stack.platformProxy.restore();
      await shop.stack.startServer();
      await shop.waitFor(order, 'delivered');
      expect([countRechargeRequests(), await countDelivered(before)]).toEqual([1, 1]);
    });

    test('after the request is not requested again: its outcome is unknown', async () => {
      const release = shop.stack.platformProxy.holdRequestsTo(dakashiPaths.recharge);
      const order = await shop.paidOrder('small');
      await eventually('the recharge is requested', () => countRechargeRequests() === 1);
      await shop.stack.stopServer();
      shop.stack.platformProxy.dropRequestsTo(dakashiPaths.recharge);
      release();
      // A killed process does not store the outcome, as one that is stopped does.
      shop.stack.write("update deliveries set outcome = 'asked' where order_id = ?", order.id);
      await shop.stack.startServer();
      await shop.waitFor(order, 'deliveryUnknown', { stepMs: 30_000 });
      await advanceMinutes(15);
      expect(rowOf(order)).toMatchObject({ outcome: 'asked', reference: null });
      expect(countRechargeRequests()).toBe(1);
      await resolve(order, 'notDelivered');
      await shop.waitFor(order, 'refunded');
    });

    test('after it arrived is found on the card', async () => {
      const before = await shop.countOnCard('small');
      const release = shop.stack.platformProxy.holdRequestsTo(dakashiPaths.recharge);
      const order = await shop.paidOrder('small');
      await eventually('the recharge is requested', () => countRechargeRequests() === 1);
      await shop.stack.stopServer();
      release();
      await eventually('it arrived', async () => (await shop.recharges('small')).length > 0);
      shop.stack.write("update deliveries set outcome = 'asked' where order_id = ?", order.id);
      await shop.stack.startServer();
      await shop.waitFor(order, 'delivered');
      expect([countRechargeRequests(), await countDelivered(before)]).toEqual([1, 1]);
    });

    test('before its card could be read for ten minutes is never requested, and refunded', async () => {
      const order = await begunOrder();
      await shop.waitFor(order, 'refunded', { stepMs: 20_000 });
      expect(await refundedFen(order)).toBe(order.amountFen);
      expect(countRechargeRequests()).toBe(0);
      shop.stack.platformProxy.restore();
      await advanceMinutes(15);
      expect(countRechargeRequests()).toBe(0);
    });
  });

  test('that is rejected as too early is requested again later, once', async () => {
    const before = await shop.countOnCard('small');
    const purchase = await shop.purchase('small');
    const order = await placeOrder(shop.customer, purchase);
    await shop.stack.sandbox.faults({ dakashiRefuses: 55012 });
    await shop.pay(order);
    await shop.waitFor(order, 'delivering');
    await shop.stack.sandbox.faults();
    await shop.waitFor(order, 'delivered');
    expect(await countDelivered(before)).toBe(1);
  });

  describe('for a card that is already getting the same package', () => {
    test('waits in `paid` until the other is settled, and a third cannot be bought meanwhile', async () => {
      const before = await shop.countOnCard('small');
      const other = await shop.stack.signIn(randomUUID());
      const third = await shop.stack.signIn(randomUUID());
      const purchases = [
        await shop.purchase('small'),
        await shop.purchase('small', { by: other }),
      ] as const;
      const orders = [
        await placeOrder(shop.customer, purchases[0]),
        await placeOrder(other, purchases[1]),
      ] as const;
      await shop.stack.sandbox.faults({ deliveryStuck: true });
      await shop.pay(orders[0]);
      await shop.waitFor(orders[0], 'delivering');
      await shop.pay(orders[1]);
      await shop.waitFor(orders[1], 'paid', { by: other });
      for (let check = 0; check < 5; check += 1) await shop.stack.advanceClock(20_000);
      expect((await storedOrder(other, orders[1].id)).state).toBe('paid');
      expect(countRechargeRequests()).toBe(1);
      const problem = await third.problem('POST /orders', {
        headers: { 'idempotency-key': newIdempotencyKey() },
        body: (await shop.purchase('small', { by: third })).body,
      });
      expect(problem).toMatchObject({ status: 409, code: 'package.being_delivered' });
      await shop.stack.sandbox.faults();
      await shop.waitFor(orders[0], 'delivered');
      await shop.waitFor(orders[1], 'delivered', { by: other, stepMs: 10_000 });
      expect([countRechargeRequests(), await countDelivered(before)]).toEqual([2, 2]);
      await placeOrder(third, await shop.purchase('small', { by: third }));
    });

    test('waits no longer when a person has settled the other', async () => {
      const other = await shop.stack.signIn(randomUUID());
      const first = await placeOrder(shop.customer, await shop.purchase('small'));
      const second = await placeOrder(other, await shop.purchase('small', { by: other }));
      shop.stack.platformProxy.dropRequestsTo(dakashiPaths.recharge);
      await shop.pay(first);
      await shop.waitFor(first, 'delivering');
      await shop.pay(second);
      await shop.waitFor(first, 'deliveryUnknown', { stepMs: 30_000 });
      shop.stack.platformProxy.restore();
      await shop.waitFor(second, 'paid', { by: other });
      await resolve(first, 'notDelivered');
      await shop.waitFor(second, 'delivered', { by: other, stepMs: 10_000 });
      await shop.waitFor(first, 'refunded');
      expect(countRechargeRequests()).toBe(2);
    });

    test('does not wait for another package, nor for another card', async () => {
      await shop.stack.sandbox.faults({ deliveryStuck: true });
      const orders = [await shop.paidOrder('small')];
      orders.push(await shop.paidOrder('medium'));
      orders.push(await shop.paidOrder('small', { serial: '87000006' }));
      await eventually('all three are requested', async () => {
        await shop.stack.advanceClock(1_000);
        return countRechargeRequests() === 3;
      });
      await shop.stack.sandbox.faults();
      for (const order of orders) await shop.waitFor(order, 'delivered');
    });
  });
});
