import { randomUUID } from 'node:crypto';
import { beijingDate } from '@shared/beijing-time';
import type { Order } from '@shared/contract';
import type { ApiClient } from '../testing/api-client';
import { type Customer, eventually, type Stack, startStack } from '../testing/harness';
import { ledgerOf, placeOrder, preparePurchase, waitForState } from '../testing/shopping';
import { startOfDay } from './days';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR;

const channels = [
  { channel: 'shingsou', env: {} },
  { channel: 'wechatpay', env: { PAYMENT: 'wechatpay', LOGIN: 'wechat' } },
] as const;

describe.each(channels)('the comparison with $channel', ({ channel, env }) => {
  let stack: Stack;
  let customer: Customer;
  let supervisor: ApiClient;
  let position = 0;
  let day = '';

  beforeAll(async () => {
    stack = await startStack({ env });
  });
  beforeEach(async () => {
    // Each test has a day of its own and starts at 9 a.m.
    await stack.advanceClock(
      startOfDay(beijingDate(stack.now())) + DAY_MS + 9 * HOUR - stack.now(),
    );
    day = beijingDate(stack.now());
    customer = await stack.signIn(randomUUID());
  });
  afterEach(() => stack.sandbox.faults());
  afterAll(() => stack.close());

  async function paidOrder(): Promise<Order> {
    position += 1;
    const order = await placeOrder(customer, await preparePurchase(stack, customer, position));
    expect(await stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
    return order;
  }

  async function orderIn(state: Order['state']): Promise<Order> {
    const order = await paidOrder();
    await eventually(`the order is ${state}`, async () => {
      await stack.advanceClock(2_000);
      const [row] = stack.rows('select state from orders where id = ?', order.id);
      return row?.state === state;
    });
    return waitForState(customer, order.id, state);
  }

  /** Advances to 10:30 a.m. of the next day, when the bill is available, and compares the day. */
  async function compareNextDay() {
    await stack.advanceClock(startOfDay(day) + DAY_MS + 10.5 * HOUR - stack.now());
    supervisor = await stack.signInStaff(`su-${randomUUID().slice(0, 8)}`, 'supervisor');
    return compare();
  }

  async function compare() {
    const { items } = await supervisor.ok('POST /support/reconciliations', { body: { day } });
    expect(items.map((item) => item.channel)).toEqual([channel]);
    return items[0]!;
  }

  async function openAlerts() {
    const { alerts } = await supervisor.ok('GET /support/overview', {});
    const about = `${day}|${channel}`;
    return alerts.items.filter(({ kind, subject }) => kind === 'booksDiffer' && subject === about);
  }

  test('finds no differences on a day without faults, refunds included', async () => {
    const delivered = await orderIn('delivered');
    await stack.sandbox.faults({ deliveryFails: true });
    const refunded = await orderIn('refunded');
    await stack.sandbox.faults();
    const taken = delivered.amountFen + refunded.amountFen;
    expect(await compareNextDay()).toMatchObject({
      day,
      takenHereFen: taken,
      takenThereFen: taken,
      returnedHereFen: refunded.amountFen,
      returnedThereFen: refunded.amountFen,
      differences: [],
    });
    expect(await openAlerts()).toEqual([]);
  });

  test('finds a payment that we were not notified of, and settles it by itself', async () => {
    await stack.sandbox.faults({ loseNotifications: true });
    position += 1;
    const order = await placeOrder(customer, await preparePurchase(stack, customer, position));
    // No request makes the BFF forget a payment, so the store is changed directly.
    stack.write("update orders set state = 'closed', open_key = null where id = ?", order.id);
    stack.write('delete from jobs where subject_id = ?', order.id);
    expect(await stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
    // The daily job may have been first, and the order may be settled by now.
    const { differences } = await compareNextDay();
    expect(differences).toContainEqual(
      expect.objectContaining({
        kind: 'paidThereNotHere',
        orderNumber: order.number,
        automatic: true,
        hereFen: null,
        thereFen: order.amountFen,
      }),
    );
    await eventually('the order is final', async () => {
      await stack.advanceClock(4_000);
      const [row] = stack.rows('select state from orders where id = ?', order.id);
      return row?.state === 'delivered' || row?.state === 'refunded';
    });
    const { payment, delivered } = await ledgerOf(stack, order.number);
    expect(payment?.refundedFen === order.amountFen).toBe(delivered === 0);
    const settled = await compare();
    expect(settled.differences.every(({ settledAt }) => settledAt !== null)).toBe(true);
    expect(settled).toMatchObject({
      takenHereFen: order.amountFen,
      takenThereFen: order.amountFen,
    });
  });

  test('calls a person for an amount that differs, until it no longer does', async () => {
    const order = await orderIn('delivered');
    const set = 'update captures set amount_fen = amount_fen + ? where order_id = ?';
    stack.write(set, 1, order.id);
    const { differences } = await compareNextDay();
    expect(differences).toMatchObject([
      {
        kind: 'amountDiffers',
        reference: order.transactionId,
        automatic: false,
        hereFen: order.amountFen + 1,
        thereFen: order.amountFen,
      },
    ]);
    expect(await openAlerts()).toMatchObject([{ detail: 'amountDiffers' }]);
    stack.write(set, -1, order.id);
    expect((await compare()).differences).toMatchObject([{ settledAt: expect.any(String) }]);
    expect(await openAlerts()).toEqual([]);
  });

  test('is refused for a day that is not over, and without the role for it', async () => {
    const member = await stack.signInStaff(`su-${randomUUID().slice(0, 8)}`, 'supervisor');
    const agent = await stack.signInStaff(`ag-${randomUUID().slice(0, 8)}`);
    const refusalOf = async (client: ApiClient, body: object) =>
      (await client.problem('POST /support/reconciliations', { body })).code;
    expect(await refusalOf(member, { day })).toBe('reconciliation.not_ready');
    expect(await refusalOf(agent, { day })).toBe('staff.forbidden');
    for (const wrong of ['2026-02-30', '20260314', '昨天', '2026-03-14T00:00:00Z']) {
      expect(await refusalOf(member, { day: wrong })).toBe('request.invalid');
    }
  });

  test('reports that the channel has no bill yet', async () => {
    await orderIn('delivered');
    await stack.advanceClock(startOfDay(day) + DAY_MS + 9.5 * HOUR - stack.now());
    const member = await stack.signInStaff(`su-${randomUUID().slice(0, 8)}`, 'supervisor');
    const problem = await member.problem('POST /support/reconciliations', { body: { day } });
    expect(problem).toMatchObject({ status: 409, code: 'reconciliation.not_ready' });
  });

  test('runs every day by itself and is listed page by page', async () => {
    await orderIn('delivered');
    const reader = async () => stack.signInStaff(`ag-${randomUUID().slice(0, 8)}`);
    await stack.advanceClock(startOfDay(day) + DAY_MS + 10.5 * HOUR - stack.now());
    const agent = await reader();
    const list = (query: object = {}) => agent.ok('GET /support/reconciliations', { query });
    await eventually('the day is compared', async () => {
      await stack.advanceClock(MINUTE);
      return (await list()).items[0]?.day === day;
    });
    const all = (await list()).items.map((item) => item.day);
    expect(all).toEqual([...all].sort().reverse());
    const first = await list({ limit: 1 });
    const second = await list({ limit: 1, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map((item) => item.day)).toEqual(all.slice(0, 2));
  });
});
