import type { Order } from '@shared/contract';
import type { HttpResponse } from '../testing/contract-check';
import { openDakashiShop, serials } from '../testing/dakashi-shop';
import { eventually } from '../testing/eventually';
import { dakashiPaths } from '../testing/platform-proxy';
import { findCard, storedOrder, waitForState } from '../testing/shopping';

/** Callbacks of 大卡师 are unsigned, so anyone could send them: they only trigger a query. */

const PATH = '/api/v1/notifications/dakashi';
const shop = openDakashiShop();
const accepted = { errcode: 0, errmsg: 'success' };

beforeAll(() => shop.stack.sandbox.setDakashiCallbackUrl(`${shop.stack.origin()}${PATH}`));

function sendCallback(callback: unknown): Promise<HttpResponse> {
  const headers = { 'content-type': 'application/json' };
  const body = typeof callback === 'string' ? callback : JSON.stringify(callback);
  return shop.stack.anyone.raw({ method: 'POST', path: PATH, headers, body });
}

/** A callback about a recharge, as the platform's document describes it. */
function rechargeCallback(reference: string, status = '3') {
  return {
    action_type: 1,
    order_no: reference,
    serial_no: serials.online,
    product_no: '110100_1024',
    eft_month: '0',
    status,
    fee: '3.00',
  };
}

async function waitUntilNothingIsDue(): Promise<void> {
  await eventually('no job is due', () => {
    const due = 'select count(*) as count from jobs where run_at <= ? or lease_token is not null';
    return Number(shop.stack.rows(due, shop.stack.now())[0]?.count) === 0;
  });
}

/** An order whose package was ordered minutes ago and not delivered: it is checked every 15 seconds. */
async function undeliveredOrder(): Promise<{ order: Order; reference: string }> {
  await shop.stack.sandbox.faults({ deliveryStuck: true });
  const order = await shop.paidOrder('small');
  await shop.waitFor(order, 'delivering');
  const row = () =>
    shop.stack.rows('select reference from deliveries where order_id = ?', order.id)[0];
  await eventually('the package is ordered', () => typeof row()?.reference === 'string');
  await shop.stack.advanceClock(2 * 60_000);
  await waitUntilNothingIsDue();
  shop.stack.platformProxy.clearCalls();
  return { order, reference: String(row()?.reference) };
}

async function deliverOrder(order: Order): Promise<void> {
  await shop.stack.sandbox.faults();
  await shop.waitFor(order, 'delivered');
}

describe('a callback about a recharge', () => {
  test('that is true triggers a check of its order at once', async () => {
    const { order } = await undeliveredOrder();
    await shop.stack.sandbox.faults();
    await shop.stack.advanceClock(1_500);
    await waitForState(shop.customer, order.id, 'delivered');
    const { callbacks } = await shop.stack.sandbox.dakashiState();
    expect(callbacks.at(-1)?.attempts).toEqual([expect.objectContaining({ taken: true })]);
  });

  test('is not needed: the order’s job finds the delivery later', async () => {
    const { order } = await undeliveredOrder();
    await shop.stack.sandbox.faults({ loseNotifications: true });
    await shop.stack.advanceClock(1_500);
    await waitUntilNothingIsDue();
    expect((await storedOrder(shop.customer, order.id)).state).toBe('delivering');
    await shop.stack.advanceClock(15_000);
    await waitForState(shop.customer, order.id, 'delivered');
  });

  test.each([
    ['that it was delivered', '3'],
    ['that it failed', '2'],
  ])('that is forged and says %s changes nothing: 大卡师 itself is queried', async (_, status) => {
    const { order, reference } = await undeliveredOrder();
    const answer = await sendCallback(rechargeCallback(reference, status));
    expect([answer.status, answer.body]).toEqual([200, accepted]);
    await eventually(
      'the order is queried',
      () => shop.stack.platformProxy.count(dakashiPaths.order) > 0,
    );
    await waitUntilNothingIsDue();
    expect((await storedOrder(shop.customer, order.id)).state).toBe('delivering');
    await deliverOrder(order);
  });

  test('about an unknown order is accepted, without a query', async () => {
    const answer = await sendCallback(rechargeCallback('202603151200001234567890'));
    expect([answer.status, answer.body]).toEqual([200, accepted]);
    expect(shop.stack.platformProxy.calls).toEqual([]);
  });

  test('repeated a hundred times causes no more queries than one', async () => {
    const { order, reference } = await undeliveredOrder();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => sendCallback(rechargeCallback(reference))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await eventually(
      'the order is queried',
      () => shop.stack.platformProxy.count(dakashiPaths.order) > 0,
    );
    await waitUntilNothingIsDue();
    // Callbacks within two seconds count once; on a slow machine the hundred take longer.
    expect(shop.stack.platformProxy.count(dakashiPaths.order)).toBeLessThan(5);
    await deliverOrder(order);
  });

  test('repeated twice, or three times because it was not answered, delivers once', async () => {
    const before = await shop.countOnCard('small');
    const { order } = await undeliveredOrder();
    await shop.stack.sandbox.faults({ doubleNotifications: true });
    await shop.waitFor(order, 'delivered');
    await shop.stack.advanceClock(2 * 60_000);
    expect(await shop.countOnCard('small')).toBe(before + 1);
    const events = shop.stack.rows(
      "select type from order_events where order_id = ? and type = 'delivered'",
      order.id,
    );
    expect(events).toHaveLength(1);
  });
});

describe('a callback about a card', () => {
  const power = { action_type: 2, operate_value: '1', status: '3', errmsg: '' };

  test('expires the card’s report, and its content is not trusted', async () => {
    const seen = await findCard(shop.customer, serials.online);
    shop.stack.platformProxy.clearCalls();
    const answer = await sendCallback({ ...power, serial_no: serials.online, operate_value: '2' });
    expect([answer.status, answer.body]).toEqual([200, accepted]);
    expect(shop.stack.platformProxy.calls).toEqual([]);
    const params = { cardId: seen.id };
    const { status } = await shop.customer.ok('GET /cards/:cardId', { params });
    expect(shop.stack.platformProxy.count(dakashiPaths.info)).toBe(1);
    expect(status).toEqual(seen.status);
  });

  test('that no one has looked up yet is accepted', async () => {
    const answer = await sendCallback({ ...power, serial_no: '87000003' });
    expect([answer.status, answer.body]).toEqual([200, accepted]);
    expect(shop.stack.platformProxy.calls).toEqual([]);
  });
});

test('a callback about a message is accepted', async () => {
  const data = { transaction_id: '202603151200001234567890', status: 3, errmsg: '' };
  const answer = await sendCallback({ action: 'submit_resp', data });
  expect([answer.status, answer.body]).toEqual([200, accepted]);
});

test.each([
  ['invalid JSON', '{"action_type":1,'],
  ['nothing', ''],
  ['a list', '[]'],
  ['null', 'null'],
  ['an unknown action', { ...rechargeCallback('1'), action_type: 9 }],
  ['no order number', { action_type: 1, status: '3' }],
  ['an invalid order number', { ...rechargeCallback("1' or '1'='1") }],
  ['an object as order number', { action_type: 1, order_no: { $ne: null } }],
  ['an invalid serial number', { action_type: 2, serial_no: '../../etc' }],
  ['very deep JSON', `{"action_type":1,"order_no":${'['.repeat(2_000)}${']'.repeat(2_000)}}`],
])('%s is refused in the same words as any bad notification', async (_, news) => {
  const answer = await sendCallback(news);
  expect(answer.body).toMatchObject({ status: 400, code: 'notification.invalid' });
  expect(shop.stack.platformProxy.calls).toEqual([]);
});
