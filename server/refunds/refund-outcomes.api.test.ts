import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import type { ApiClient } from '../testing/api-client';
import { eventually } from '../testing/harness';
import { newIdempotencyKey, storedOrder } from '../testing/shopping';
import { openShop } from '../testing/shop';

/** Refunds that WeChat Pay closes, cannot pay out, or makes in its own console: each has a way out. */

const MINUTE = 60_000;
const CARD_NUMBER = '6222021234567890123';

const shop = openShop({ channel: 'wechatpay' });

function refundsOf({ id }: Order) {
  const query = `select id, number, amount_fen, state, origin, replaces_id from refunds
    where order_id = ? order by id`;
  return shop.stack.rows(query, id);
}

const statesOf = (order: Order) => refundsOf(order).map(({ state }) => state);

async function waitForStates(order: Order, states: readonly string[], stepMs = 4_000) {
  await eventually(`refunds that are ${states.join(', ')}`, async () => {
    await shop.stack.advanceClock(stepMs);
    return JSON.stringify(statesOf(order)) === JSON.stringify(states);
  });
}

async function refundedFen(order: Order): Promise<number[]> {
  const { payments } = await shop.ledger(order);
  return payments.map(({ refundedFen: fen }) => fen);
}

async function eventTypes({ id }: Order): Promise<string[]> {
  return (await storedOrder(shop.customer, id)).events.map(({ type }) => type);
}

/** Signs in a new supervisor with a unique name. */
function supervisor(name: string) {
  return shop.stack.signInStaff(`${name}-${randomUUID().slice(0, 8)}`, 'supervisor');
}

/** The refund of an order that cannot be delivered, after it has become abnormal. */
async function abnormalRefund() {
  await shop.stack.sandbox.faults({ deliveryFails: true, refundAbnormal: true });
  const order = await shop.paidOrder();
  await shop.waitFor(order, 'refundFailed');
  const [{ id } = { id: '' }] = refundsOf(order);
  return { order, params: { refundId: String(id) } };
}

async function refundByStaff(by: ApiClient, order: Order, amountFen: number, key: string) {
  return by.send('POST /support/orders/:orderId/refunds', {
    params: { orderId: order.id },
    headers: { 'idempotency-key': key },
    body: { amountFen, reason: '与客户商定' },
  });
}

describe('a refund that WeChat Pay closes', () => {
  test('is followed by one under a new number, and the customer sees one refund', async () => {
    await shop.stack.sandbox.faults({ deliveryFails: true, refundClosed: true });
    const order = await shop.paidOrder();
    await waitForStates(order, ['closed', 'requested']);
    expect(shop.alerts(order)).toEqual(['refundClosed']);
    expect((await storedOrder(shop.customer, order.id)).state).toBe('refunding');
    await shop.stack.sandbox.faults({ deliveryFails: true });
    await shop.waitFor(order, 'refunded', MINUTE);
    const [first, second] = refundsOf(order);
    expect([first?.number, second?.number]).toEqual([`${order.number}R1`, `${order.number}R2`]);
    expect(second).toMatchObject({ replaces_id: first?.id, amount_fen: order.amountFen });
    expect(await refundedFen(order)).toEqual([order.amountFen]);
    expect(shop.alerts(order)).toEqual([]);
    expect((await eventTypes(order)).slice(-3)).toEqual([
      'deliveryFailed',
      'refunding',
      'refunded',
    ]);
  });

  test('is replaced at growing intervals while WeChat Pay keeps closing it', async () => {
    await shop.stack.sandbox.faults({ deliveryFails: true, refundClosed: true });
    const order = await shop.paidOrder();
    await waitForStates(order, ['closed', 'requested']);
    await waitForStates(order, ['closed', 'closed', 'requested'], 10_000);
    await shop.stack.advanceClock(5 * MINUTE);
    expect(statesOf(order)).toEqual(['closed', 'closed', 'requested']);
    await shop.stack.sandbox.faults({ deliveryFails: true });
    await shop.waitFor(order, 'refunded', MINUTE);
    expect(await refundedFen(order)).toEqual([order.amountFen]);
  });

  test('leaves the order delivered if staff asked for it', async () => {
    await shop.stack.sandbox.faults({ refundClosed: true });
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'delivered');
    const answer = await refundByStaff(await supervisor('lead'), order, 100, newIdempotencyKey());
    expect(answer.status).toBe(201);
    await waitForStates(order, ['closed', 'requested']);
    await shop.stack.sandbox.faults();
    await waitForStates(order, ['closed', 'done'], MINUTE);
    expect(await refundedFen(order)).toEqual([100]);
    expect((await storedOrder(shop.customer, order.id)).state).toBe('delivered');
  });
});

describe('a refund that WeChat Pay cannot pay out', () => {
  test('is paid to another card of the customer under its own number; the card is stored nowhere', async () => {
    const { order, params } = await abnormalRefund();
    const lead = await supervisor('lead');
    await shop.stack.sandbox.faults();
    const bankCard = { bankType: 'ICBC_DEBIT', bankAccount: CARD_NUMBER, realName: '张三丰' };
    await lead.ok('POST /support/refunds/:refundId/redirections', {
      params,
      body: { to: 'userBankCard', bankCard },
    });
    await shop.waitFor(order, 'refunded', MINUTE);
    expect(refundsOf(order)).toHaveLength(1);
    expect(await refundedFen(order)).toEqual([order.amountFen]);
    const stored = ['audit', 'refunds', 'upstream_calls', 'order_events'].map((table) =>
      JSON.stringify(shop.stack.rows(`select * from ${table}`)),
    );
    expect(stored.join()).not.toContain(CARD_NUMBER);
    expect(stored.join()).not.toContain('张三丰');
  });

  test('is still owed after it went to the merchant, until a second person confirms that the customer was paid', async () => {
    const { order, params } = await abnormalRefund();
    const [lead, other] = [await supervisor('lead'), await supervisor('other')];
    await lead.ok('POST /support/refunds/:refundId/redirections', {
      params,
      body: { to: 'merchant' },
    });
    await shop.stack.advanceClock(20 * MINUTE);
    expect(statesOf(order)).toEqual(['abnormal']);
    const body = { evidence: '已转账到客户的银行卡，回单 20260315001' };
    const asked = await lead.ok('POST /support/refunds/:refundId/settlements', { params, body });
    expect(asked.refund.settlement).toMatchObject({
      ...body,
      requestedBy: expect.stringMatching(/^lead-/),
    });
    const own = await lead.problem('POST /support/refunds/:refundId/approve', { params });
    expect(own).toMatchObject({ status: 403, code: 'refund.settlement_own' });
    const early = await other.problem('POST /support/refunds/:refundId/approve', { params });
    expect(early).toMatchObject({ status: 409, code: 'refund.settlement_early' });
    await shop.stack.advanceClock(MINUTE);
    await other.ok('POST /support/refunds/:refundId/approve', { params });
    expect(statesOf(order)).toEqual(['settledOutside']);
    const settled = await storedOrder(shop.customer, order.id);
    expect(settled.state).toBe('refunded');
    expect(settled.events.map(({ label }) => label)).toContain(
      `商家已另行退款 ¥${(order.amountFen / 100).toFixed(2)}`,
    );
    expect(shop.alerts(order)).toEqual([]);
  });

  test('cannot be settled while the channel pays it after all', async () => {
    const { order, params } = await abnormalRefund();
    const [lead, other] = [await supervisor('lead'), await supervisor('other')];
    const body = { evidence: '客户说已收到现金' };
    await lead.ok('POST /support/refunds/:refundId/settlements', { params, body });
    await shop.stack.sandbox.faults();
    const bankCard = { bankType: 'ICBC_DEBIT', bankAccount: CARD_NUMBER, realName: '张三丰' };
    await lead.ok('POST /support/refunds/:refundId/redirections', {
      params,
      body: { to: 'userBankCard', bankCard },
    });
    await shop.stack.advanceClock(MINUTE);
    const problem = await other.problem('POST /support/refunds/:refundId/approve', { params });
    expect(['refund.not_settleable', 'refund.settlement_missing']).toContain(problem.code);
    await shop.waitFor(order, 'refunded', MINUTE);
    expect(await refundedFen(order)).toEqual([order.amountFen]);
    expect(statesOf(order)).toEqual(['done']);
  });
});

test('a refund that the channel refuses for good is settled outside by two persons', async () => {
  await shop.stack.sandbox.faults({ deliveryFails: true, refundRefused: true });
  const order = await shop.paidOrder();
  await shop.waitFor(order, 'refundFailed');
  const [lead, other] = [await supervisor('lead'), await supervisor('other')];
  const params = { refundId: String(refundsOf(order)[0]?.id) };
  const body = { evidence: '超过一年，已转账' };
  await lead.ok('POST /support/refunds/:refundId/settlements', { params, body });
  const again = await other.problem('POST /support/refunds/:refundId/settlements', {
    params,
    body,
  });
  expect(again.code).toBe('refund.settlement_pending');
  // From now on the channel would pay, but it is not asked any more.
  await shop.stack.sandbox.faults();
  await shop.stack.advanceClock(20 * MINUTE);
  await other.ok('POST /support/refunds/:refundId/approve', { params });
  expect((await storedOrder(shop.customer, order.id)).state).toBe('refunded');
  await shop.stack.advanceClock(20 * MINUTE);
  expect(await refundedFen(order)).toEqual([0]);
});

test('a settlement that is rejected lets the channel pay the refund', async () => {
  await shop.stack.sandbox.faults({ deliveryFails: true, refundRefused: true });
  const order = await shop.paidOrder();
  await shop.waitFor(order, 'refundFailed');
  const lead = await supervisor('lead');
  const params = { refundId: String(refundsOf(order)[0]?.id) };
  const body = { evidence: '登记错了订单' };
  await lead.ok('POST /support/refunds/:refundId/settlements', { params, body });
  await lead.ok('POST /support/refunds/:refundId/reject', { params });
  await shop.stack.sandbox.faults();
  await shop.waitFor(order, 'refunded', MINUTE);
  expect(await refundedFen(order)).toEqual([order.amountFen]);
});

describe("a refund that is made in WeChat Pay's console", () => {
  test('of a delivered order is recorded, and less is left to refund', async () => {
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'delivered');
    const number = await shop.stack.sandbox.refundInConsole({
      orderNumber: order.number,
      amountFen: 100,
      notify: true,
    });
    await waitForStates(order, ['done']);
    expect(refundsOf(order)).toMatchObject([{ number, amount_fen: 100, origin: 'channel' }]);
    const lead = await supervisor('lead');
    const tooMuch = await refundByStaff(lead, order, order.amountFen - 99, newIdempotencyKey());
    expect(tooMuch.body).toMatchObject({ code: 'refund.too_much' });
    const rest = await refundByStaff(lead, order, order.amountFen - 100, newIdempotencyKey());
    expect(rest.status).toBe(201);
    await waitForStates(order, ['done', 'done']);
    expect(await refundedFen(order)).toEqual([order.amountFen]);
    expect(await eventTypes(order)).toEqual(expect.arrayContaining(['refundPaid']));
  });

  test.each([
    ['in full', undefined],
    ['in part', 100],
  ])('%s takes the place of our own refund that the channel refuses', async (_, amountFen) => {
    await shop.stack.sandbox.faults({ deliveryFails: true, refundRefused: true });
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'refundFailed');
    await shop.stack.sandbox.refundInConsole({
      orderNumber: order.number,
      notify: true,
      ...(amountFen !== undefined && { amountFen }),
    });
    await shop.stack.advanceClock(5_000);
    await shop.stack.sandbox.faults();
    await shop.waitFor(order, 'refunded', MINUTE);
    expect(await refundedFen(order)).toEqual([order.amountFen]);
    expect(statesOf(order)).toEqual(
      amountFen === undefined ? ['closed', 'done'] : ['closed', 'done', 'done'],
    );
    expect(shop.alerts(order)).toEqual([]);
  });
});

test('a refund that the balance does not cover raises its alert again every day', async () => {
  await shop.stack.sandbox.faults({ deliveryFails: true, refundNotEnough: true });
  const order = await shop.paidOrder();
  await waitForStates(order, ['waiting']);
  const alertsOf = () =>
    shop.stack.rows(
      "select settled_at from alerts where kind = 'refundWaiting' and subject = ? order by id",
      order.id,
    );
  expect(alertsOf()).toHaveLength(1);
  await shop.stack.advanceClock(24 * 60 * MINUTE);
  await eventually('a second alert', () => alertsOf().length === 2);
  expect(alertsOf().filter(({ settled_at: at }) => at === null)).toHaveLength(1);
  await shop.stack.sandbox.faults({ deliveryFails: true });
  await shop.waitFor(order, 'refunded', 10 * MINUTE);
  expect(await refundedFen(order)).toEqual([order.amountFen]);
});

test('a refund key of the staff belongs to one order', async () => {
  const first = await shop.paidOrder();
  await shop.waitFor(first, 'delivered');
  const second = await shop.paidOrder();
  await shop.waitFor(second, 'delivered');
  const lead = await supervisor('lead');
  const key = newIdempotencyKey();
  // Orders of two customers: keys were stored with the customer before.
  shop.stack.write(
    "insert into users (id, app_id, openid, created_at) select 'other', app_id, 'other', created_at from users limit 1",
  );
  shop.stack.write("update orders set user_id = 'other' where id = ?", second.id);
  const [one, two] = await Promise.all(
    [first, second].map((order) => refundByStaff(lead, order, 100, key)),
  );
  expect([one?.status, two?.status].sort()).toEqual([201, 409]);
  const refused = one?.status === 409 ? one : two;
  expect(refused?.body).toMatchObject({ code: 'idempotency.mismatch' });
  expect([...refundsOf(first), ...refundsOf(second)]).toHaveLength(1);
});
