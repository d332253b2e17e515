import { beijingDate } from '@shared/beijing-time';
import type { Order } from '@shared/contract';
import { openDakashiShop } from '../testing/dakashi-shop';
import { dakashiPaths } from '../testing/platform-proxy';
import { placeOrder, preparePurchase } from '../testing/shopping';
import { startOfDay } from './days';

/** 大卡师 cannot list its orders, so a day is compared with the channel's bill and our own records. */

const shop = openDakashiShop();
const HOUR = 60 * 60_000;
const DAY_MS = 24 * HOUR;
let day = '';

beforeEach(async () => {
  const { stack } = shop;
  // Each test has a day of its own and starts at 9 a.m.
  await stack.advanceClock(startOfDay(beijingDate(stack.now())) + DAY_MS + 9 * HOUR - stack.now());
  day = beijingDate(stack.now());
});

async function waitForState(order: Order, state: Order['state']): Promise<Order> {
  return shop.waitFor(order, state);
}

/** Orders with a known reference, one found on the card, one refunded, and one at 旭宇. */
async function placeDayOfOrders(): Promise<{ taken: number; returned: number }> {
  const orders = [
    await waitForState(await shop.paidOrder('small'), 'delivered'),
    await waitForState(await shop.paidOrder('medium'), 'delivered'),
  ];
  shop.stack.platformProxy.dropResponsesOf(dakashiPaths.recharge);
  orders.push(await waitForState(await shop.paidOrder('addOn'), 'delivered'));
  shop.stack.platformProxy.restore();
  // The card's packages alone no longer prove that the previous order was delivered.
  orders.push(await waitForState(await shop.paidOrder('addOn'), 'delivered'));
  await shop.stack.sandbox.faults({ deliveryFails: true });
  const returned = await waitForState(await shop.paidOrder('large'), 'refunded');
  await shop.stack.sandbox.faults();
  const other = await placeOrder(
    shop.customer,
    await preparePurchase(shop.stack, shop.customer, 3),
  );
  await shop.pay(other);
  orders.push(await waitForState(other, 'delivered'), returned);
  const taken = orders.reduce((sum, { amountFen }) => sum + amountFen, 0);
  return { taken, returned: returned.amountFen };
}

/** Advances to 10:30 a.m. of the next day, when the bill is available, and compares the day. */
async function compareNextDay() {
  await shop.stack.advanceClock(startOfDay(day) + DAY_MS + 10.5 * HOUR - shop.stack.now());
  return compare();
}

async function compare() {
  const supervisor = await shop.stack.signInStaff(`su-${day}-${String(Date.now())}`, 'supervisor');
  const { items } = await supervisor.ok('POST /support/reconciliations', { body: { day } });
  return items;
}

test('a day of both platforms without faults has no differences', async () => {
  const { taken, returned } = await placeDayOfOrders();
  expect(await compareNextDay()).toMatchObject([
    {
      day,
      channel: 'wechatpay',
      differences: [],
      takenHereFen: taken,
      takenThereFen: taken,
      returnedHereFen: returned,
      returnedThereFen: returned,
    },
  ]);
  expect(shop.alerts(`${day}|wechatpay`)).toEqual([]);
});

test('a day that is compared while 大卡师 is down has none either: it is not queried', async () => {
  await waitForState(await shop.paidOrder('small'), 'delivered');
  await shop.stack.sandbox.faults({ dakashiDown: true });
  shop.stack.platformProxy.clearCalls();
  expect(await compareNextDay()).toMatchObject([{ differences: [] }]);
  expect(shop.stack.platformProxy.calls.filter(({ path }) => path.startsWith('/v1/'))).toEqual([]);
});

test.each([
  ['大卡师 was taken out of CARDS', { CARDS: 'shingsou' }],
  [
    '大卡师 is not connected any more',
    {
      CARDS: 'shingsou',
      DAKASHI_URL: '',
      DAKASHI_DIALECT: '',
      DAKASHI_CLIENT_ID: '',
      DAKASHI_CLIENT_SECRET: '',
    },
  ],
  ['旭宇 was taken out of CARDS', { CARDS: 'dakashi' }],
])('a day that is compared after %s has no false differences', async (_, changes) => {
  await placeDayOfOrders();
  await shop.stack.stopServer();
  await shop.stack.startServer(changes);
  expect(await compareNextDay()).toMatchObject([{ differences: [] }]);
  await shop.stack.stopServer();
  await shop.stack.startServer();
  expect(await compare()).toMatchObject([{ differences: [] }]);
});

test('a payment that is missing from the bill is found for these orders, too', async () => {
  const order = await waitForState(await shop.paidOrder('small'), 'delivered');
  shop.stack.write(
    "update captures set transaction_id = 'x' || transaction_id where order_id = ?",
    order.id,
  );
  const [{ differences } = { differences: [] }] = await compareNextDay();
  expect(differences.map(({ orderNumber }) => orderNumber)).toContain(order.number);
});
