import { randomUUID } from 'node:crypto';
import { beijingDate } from '@shared/beijing-time';
import type { Order } from '@shared/contract';
import type { ApiClient } from '../testing/api-client';
import { eventually, type Stack, startStack } from '../testing/harness';
import { placeOrder, preparePurchase } from '../testing/shopping';
import { startOfDay } from './days';

/** Bills of WeChat Pay in other forms, and with rows that cannot be read. Other shops' rows are in all of them. */

const HOUR = 60 * 60_000;
const DAY_MS = 24 * HOUR;

let stack: Stack;
let supervisor: ApiClient;
let orders: Order[];
let day = '';
let position = 0;

beforeAll(async () => {
  stack = await startStack({ env: { PAYMENT: 'wechatpay', LOGIN: 'wechat' } });
});
beforeEach(async () => {
  await stack.advanceClock(startOfDay(beijingDate(stack.now())) + DAY_MS + 9 * HOUR - stack.now());
  day = beijingDate(stack.now());
  orders = [await deliveredOrder(), await deliveredOrder()];
});
afterEach(() => stack.sandbox.faults());
afterAll(() => stack.close());

async function deliveredOrder(): Promise<Order> {
  const customer = await stack.signIn(randomUUID());
  position += 1;
  const order = await placeOrder(customer, await preparePurchase(stack, customer, position));
  expect(await stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
  await eventually('the order is delivered', async () => {
    await stack.advanceClock(2_000);
    const [row] = stack.rows('select state from orders where id = ?', order.id);
    return row?.state === 'delivered';
  });
  return order;
}

async function compareNextDay(faults: Readonly<Record<string, unknown>>) {
  await stack.sandbox.faults(faults);
  await stack.advanceClock(startOfDay(day) + DAY_MS + 10.5 * HOUR - stack.now());
  supervisor = await stack.signInStaff(`su-${randomUUID().slice(0, 8)}`, 'supervisor');
  return compare();
}

async function compare() {
  const { items } = await supervisor.ok('POST /support/reconciliations', { body: { day } });
  return items[0]!;
}

test('a bill with the columns of older bills has no differences', async () => {
  const taken = orders.reduce((sum, { amountFen }) => sum + amountFen, 0);
  expect(await compareNextDay({ wechatpayOlderBill: true })).toMatchObject({
    takenHereFen: taken,
    takenThereFen: taken,
    differences: [],
  });
});

test('an unreadable row of ours is one difference until it can be read, and the rest is compared', async () => {
  const [damaged, readable] = orders;
  expect(await compareNextDay({ wechatpayDamagedBill: true })).toMatchObject({
    takenHereFen: readable!.amountFen,
    takenThereFen: readable!.amountFen,
    differences: [
      {
        kind: 'billRowUnreadable',
        orderNumber: damaged!.number,
        automatic: false,
        hereFen: null,
        thereFen: null,
        settledAt: null,
      },
    ],
  });
  const isAboutDay = ({ subject }: { subject: string }) => subject === `${day}|wechatpay`;
  const { alerts } = await supervisor.ok('GET /support/overview', {});
  expect(alerts.items.filter(isAboutDay)).toMatchObject([{ kind: 'booksDiffer' }]);
  await stack.sandbox.faults();
  const taken = orders.reduce((sum, { amountFen }) => sum + amountFen, 0);
  expect(await compare()).toMatchObject({
    takenThereFen: taken,
    differences: [{ kind: 'billRowUnreadable', settledAt: expect.any(String) as string }],
  });
  const { alerts: later } = await supervisor.ok('GET /support/overview', {});
  expect(later.items.filter(isAboutDay)).toEqual([]);
});
