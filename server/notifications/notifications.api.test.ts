import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../testing/harness';
import { ledgerOf, storedOrder, placeOrder, readOrder, waitForState } from '../testing/shopping';
import { shingsouPaths } from '../testing/platform-proxy';
import { openShop } from '../testing/shop';

const PATH = '/api/v1/notifications/shingsou';

const { stack, customer, purchase } = openShop();

function unsignedNotification(body: unknown) {
  return stack.anyone.raw({
    method: 'POST',
    path: PATH,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const taken = { code: 200, name: 'Status200OK', description: 'ok' };

function storedNotifications(orderNumber: string) {
  return stack.rows(
    'select external_id, deliveries from notifications where order_number = ?',
    orderNumber,
  );
}

/** Waits until every notification is processed. */
function waitUntilAllHandled() {
  return eventually('every notification is processed', () => {
    return stack.rows("select id from jobs where kind = 'notification'").length === 0;
  });
}

test('a forged notification triggers a query to the channel, and changes nothing', async () => {
  const order = await placeOrder(customer, purchase);
  stack.platformProxy.clearCalls();
  const answer = await unsignedNotification({ event: 'paid', outTradeNo: order.number });
  expect([answer.status, answer.body]).toEqual([200, taken]);
  await eventually(
    'the channel is queried',
    () => stack.platformProxy.count(shingsouPaths.query) > 0,
  );
  await unsignedNotification({ event: 'delivered', outTradeNo: order.number });
  await unsignedNotification({
    event: 'refunded',
    outTradeNo: order.number,
    amount: '0.01',
    state: 'closed',
  });
  await sleep(600);
  expect((await storedOrder(customer, order.id)).state).toBe('awaitingPayment');
  expect((await ledgerOf(stack, order.number)).delivered).toBe(0);
});

test('a genuine notification gets the order delivered, even if no one reads the order', async () => {
  const order = await placeOrder(customer, purchase);
  await stack.sandbox.cashier(order.payment, 'pay');
  await eventually('it is paid', async () => {
    return (await storedOrder(customer, order.id)).paidAt !== null;
  });
  await stack.advanceClock(3_500);
  await waitForState(customer, order.id, 'delivered');
});

test('the same notification ten times is one row, one payment and one delivery', async () => {
  const order = await placeOrder(customer, purchase);
  await stack.sandbox.faults({ doubleNotifications: true });
  await stack.sandbox.cashier(order.payment, 'pay');
  await Promise.all(
    Array.from({ length: 10 }, () =>
      unsignedNotification({ event: 'paid', outTradeNo: order.number }),
    ),
  );
  await stack.advanceClock(5_000);
  await waitForState(customer, order.id, 'delivered');
  await unsignedNotification({ event: 'paid', outTradeNo: order.number });
  const events = storedNotifications(order.number).filter(({ external_id: id }) =>
    String(id).endsWith('|paid'),
  );
  expect(events).toHaveLength(1);
  expect(Number(events[0]!.deliveries)).toBeGreaterThanOrEqual(11);
  const { payment, delivered } = await ledgerOf(stack, order.number);
  expect([payment?.amountFen, delivered]).toEqual([order.amountFen, 1]);
  expect(stack.rows('select id from captures where order_id = ?', order.id)).toHaveLength(1);
});

test('an old notification that is replayed leaves a settled order as it is', async () => {
  const order = await placeOrder(customer, purchase);
  await stack.sandbox.cashier(order.payment, 'pay');
  await stack.advanceClock(4_000);
  const delivered = await waitForState(customer, order.id, 'delivered');
  for (const event of ['paid', 'deliveryFailed', 'refunded']) {
    await unsignedNotification({ event, outTradeNo: order.number });
  }
  await sleep(800);
  expect(await readOrder(customer, order.id)).toEqual(delivered);
  expect((await ledgerOf(stack, order.number)).payment?.refundedFen).toBe(0);
});

test('many notifications about one order stop triggering queries', async () => {
  const order = await placeOrder(customer, purchase);
  for (let count = 0; count < 25; count += 1) {
    await unsignedNotification({ event: 'paid', outTradeNo: order.number });
  }
  await waitUntilAllHandled();
  stack.platformProxy.clearCalls();
  for (let count = 0; count < 25; count += 1) {
    await unsignedNotification({ event: 'paid', outTradeNo: order.number });
  }
  await sleep(1_200);
  expect(stack.platformProxy.count(shingsouPaths.query)).toBe(0);
  await stack.sandbox.cashier(order.payment, 'pay');
  await stack.advanceClock(11_000);
  await waitForState(customer, order.id, 'delivered');
});

test('many notifications with different names stop triggering queries and being stored', async () => {
  const order = await placeOrder(customer, purchase);
  const flood = async (name: string) => {
    for (let count = 1; count <= 25; count += 1) {
      await unsignedNotification({ event: name.repeat(count), outTradeNo: order.number });
    }
  };
  await flood('a');
  await waitUntilAllHandled();
  const before = storedNotifications(order.number);
  stack.platformProxy.clearCalls();
  await flood('b');
  await sleep(1_200);
  expect(stack.platformProxy.count(shingsouPaths.query)).toBe(0);
  expect(storedNotifications(order.number)).toEqual(before);
});

test('a notification about an unknown order is accepted and not stored', async () => {
  const before = stack.rows('select id from notifications').length;
  const answer = await unsignedNotification({
    event: 'paid',
    outTradeNo: 'LK202601010000000000000000',
  });
  expect([answer.status, answer.body]).toEqual([200, taken]);
  expect(stack.rows('select id from notifications')).toHaveLength(before);
});

test('the response does not reveal whether an order exists', async () => {
  const order = await placeOrder(customer, purchase);
  const known = await unsignedNotification({ event: 'paid', outTradeNo: order.number });
  const unknown = await unsignedNotification({
    event: 'paid',
    outTradeNo: 'LK202601010000000000000001',
  });
  expect(known.text).toBe(unknown.text);
});

describe('an invalid notification', () => {
  test.each<[string, unknown]>([
    ['an empty object', {}],
    ['an event without an order', { event: 'paid' }],
    ['an order without an event', { outTradeNo: 'LK202601010000000000000000' }],
    ['a number as order', { event: 'paid', outTradeNo: 7 }],
    ['an order number that is too long', { event: 'paid', outTradeNo: 'L'.repeat(33) }],
    ['an event with a line break', { event: 'paid\nforged', outTradeNo: 'LK2026010100' }],
    ['an event that is an object', { event: { $ne: null }, outTradeNo: 'LK2026010100' }],
    ['a list', [{ event: 'paid', outTradeNo: 'LK2026010100' }]],
  ])('%s is refused and not kept', async (_, body) => {
    const before = stack.rows('select id from notifications').length;
    const answer = await unsignedNotification(body);
    expect(answer.body).toMatchObject({ status: 400, code: 'notification.invalid' });
    expect(stack.rows('select id from notifications')).toHaveLength(before);
  });

  test.each([
    ['broken JSON', 'application/json', '{"event":'],
    ['XML', 'application/xml', '<xml><result_code>SUCCESS</result_code></xml>'],
    ['a form', 'application/x-www-form-urlencoded', 'event=paid&outTradeNo=LK2026010100'],
    ['no content type', '', '{"event":"paid","outTradeNo":"LK2026010100"}'],
  ])('%s is refused', async (_, type, body) => {
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
    const answer = await stack.anyone.raw({
      method: 'POST',
      path: PATH,
      headers,
      body: new TextEncoder().encode(body),
    });
    expect([400, 415]).toContain(answer.status);
  });
});
