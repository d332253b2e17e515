import type { Order } from '@shared/contract';
import { openAgentShop, serials } from './agent-shop';
import type { Answer } from './conformance';
import { eventually } from './eventually';
import { knownOrder, lookUp, waitForState } from './shopping';
import { dakashiPaths } from './wire';

/** What 大卡师 tells by itself is unsigned, so anybody could: it is a reason to ask, and no more. */

const PATH = '/api/v1/notifications/dakashi';
const shop = openAgentShop();
const accepted = { errcode: 0, errmsg: 'success' };

beforeAll(() => shop.stack.sandbox.tellDakashiNewsAt(`${shop.stack.origin()}${PATH}`));

function tell(news: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const body = typeof news === 'string' ? news : JSON.stringify(news);
  return shop.stack.anyone.raw({ method: 'POST', path: PATH, headers, body });
}

/** What 大卡师 tells of a recharge, as the document has it. */
function recharged(reference: string, status = '3') {
  return {
    ...{ action_type: 1, order_no: reference, serial_no: serials.lively },
    ...{ product_no: '110100_1024', eft_month: '0', status, fee: '3.00' },
  };
}

async function asIsDue(): Promise<void> {
  await eventually('nothing is due', () => {
    const due = 'select count(*) as count from jobs where run_at <= ? or lease_token is not null';
    return Number(shop.stack.rows(due, shop.stack.now())[0]?.count) === 0;
  });
}

/** An order that was ordered some minutes ago and is not delivered: it is looked at every 15 seconds. */
async function waitingOrder(): Promise<{ order: Order; reference: string }> {
  await shop.stack.sandbox.faults({ deliveryStuck: true });
  const order = await shop.paidOrder('small');
  await shop.waitFor(order, 'delivering');
  const row = () =>
    shop.stack.rows('select reference from deliveries where order_id = ?', order.id)[0];
  await eventually('it is ordered', () => typeof row()?.reference === 'string');
  await shop.stack.moveClock(2 * 60_000);
  await asIsDue();
  shop.stack.wire.forget();
  return { order, reference: String(row()?.reference) };
}

async function finish(order: Order): Promise<void> {
  await shop.stack.sandbox.faults();
  await shop.waitFor(order, 'delivered');
}

describe('a callback about a recharge', () => {
  test('that is true has its order looked at there and then', async () => {
    const { order } = await waitingOrder();
    await shop.stack.sandbox.faults();
    await shop.stack.moveClock(1_500);
    await waitForState(shop.customer, order.id, 'delivered');
    const { callbacks } = await shop.stack.sandbox.dakashi();
    expect(callbacks.at(-1)?.attempts).toEqual([expect.objectContaining({ taken: true })]);
  });

  test('is not needed: the order’s own clock finds out, later', async () => {
    const { order } = await waitingOrder();
    await shop.stack.sandbox.faults({ loseNotifications: true });
    await shop.stack.moveClock(1_500);
    await asIsDue();
    expect((await knownOrder(shop.customer, order.id)).state).toBe('delivering');
    await shop.stack.moveClock(15_000);
    await waitForState(shop.customer, order.id, 'delivered');
  });

  test.each([
    ['that it was delivered', '3'],
    ['that it failed', '2'],
  ])('that is forged and says %s changes nothing: 大卡师 itself is asked', async (_, status) => {
    const { order, reference } = await waitingOrder();
    const answer = await tell(recharged(reference, status));
    expect([answer.status, answer.body]).toEqual([200, accepted]);
    await eventually(
      'the order is asked about',
      () => shop.stack.wire.count(dakashiPaths.order) > 0,
    );
    await asIsDue();
    expect((await knownOrder(shop.customer, order.id)).state).toBe('delivering');
    await finish(order);
  });

  test('of an order nobody knows is accepted, and nobody is asked', async () => {
    const answer = await tell(recharged('202603151200001234567890'));
    expect([answer.status, answer.body]).toEqual([200, accepted]);
    expect(shop.stack.wire.calls).toEqual([]);
  });

  test('that comes by the hundred asks 大卡师 no more often than one would', async () => {
    const { order, reference } = await waitingOrder();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => tell(recharged(reference))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await eventually(
      'the order is asked about',
      () => shop.stack.wire.count(dakashiPaths.order) > 0,
    );
    await asIsDue();
    // Two seconds count as one time; on a slow day the hundred take longer than that.
    expect(shop.stack.wire.count(dakashiPaths.order)).toBeLessThan(5);
    await finish(order);
  });

  test('that is told twice, or three times for want of an answer, delivers once', async () => {
    const before = await shop.held('small');
    const { order } = await waitingOrder();
    await shop.stack.sandbox.faults({ doubleNotifications: true });
    await shop.waitFor(order, 'delivered');
    await shop.stack.moveClock(2 * 60_000);
    expect(await shop.held('small')).toBe(before + 1);
    const events = shop.stack.rows(
      "select type from order_events where order_id = ? and type = 'delivered'",
      order.id,
    );
    expect(events).toHaveLength(1);
  });
});

describe('a callback about a card', () => {
  const power = { action_type: 2, operate_value: '1', status: '3', errmsg: '' };

  test('has it asked for afresh by the next who looks, and believes nothing of it', async () => {
    const seen = await lookUp(shop.customer, serials.lively);
    shop.stack.wire.forget();
    const answer = await tell({ ...power, serial_no: serials.lively, operate_value: '2' });
    expect([answer.status, answer.body]).toEqual([200, accepted]);
    expect(shop.stack.wire.calls).toEqual([]);
    const params = { cardId: seen.id };
    const { status } = await shop.customer.ok('GET /cards/:cardId', { params });
    expect(shop.stack.wire.count(dakashiPaths.info)).toBe(1);
    expect(status).toEqual(seen.status);
  });

  test('nobody has looked up yet is accepted', async () => {
    const answer = await tell({ ...power, serial_no: '87000003' });
    expect([answer.status, answer.body]).toEqual([200, accepted]);
    expect(shop.stack.wire.calls).toEqual([]);
  });
});

test('a callback about a message is accepted', async () => {
  const data = { transaction_id: '202603151200001234567890', status: 3, errmsg: '' };
  const answer = await tell({ action: 'submit_resp', data });
  expect([answer.status, answer.body]).toEqual([200, accepted]);
});

test.each([
  ['no JSON', '{"action_type":1,'],
  ['nothing', ''],
  ['a list', '[]'],
  ['null', 'null'],
  ['an action nobody knows', { ...recharged('1'), action_type: 9 }],
  ['no order number', { action_type: 1, status: '3' }],
  ['an order number that is none', { ...recharged("1' or '1'='1") }],
  ['an object for a number', { action_type: 1, order_no: { $ne: null } }],
  ['a serial number that is none', { action_type: 2, serial_no: '../../etc' }],
  ['very deep JSON', `{"action_type":1,"order_no":${'['.repeat(2_000)}${']'.repeat(2_000)}}`],
])('%s is refused in the same words as any bad notification', async (_, news) => {
  const answer = await tell(news);
  expect(answer.body).toMatchObject({ status: 400, code: 'notification.invalid' });
  expect(shop.stack.wire.calls).toEqual([]);
});
