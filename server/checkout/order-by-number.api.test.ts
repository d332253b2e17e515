import { openShop } from '../testing/shop';

const shop = openShop({ channel: 'wechatpay' });

const READ = 'GET /orders/by-number/:number';

test('an order is read by its number, with its current state at the channel', async () => {
  const order = await shop.placeOrder();
  expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
  const read = await shop.customer.ok(READ, { params: { number: order.number } });
  expect(read).toMatchObject({ id: order.id, number: order.number });
  expect(read.paidAt).not.toBeNull();
});

test('an order is not found by its number for anybody but its owner', async () => {
  const order = await shop.paidOrder();
  const stranger = await shop.stack.signIn('stranger');
  const problem = await stranger.problem(READ, { params: { number: order.number } });
  expect(problem).toMatchObject({ status: 404, code: 'order.not_found' });
});

test.each([
  ['of no order', 'LK202603151200000000000000', 404, 'order.not_found'],
  ['with a space', 'LK2026 03151200000000000000', 400, 'request.invalid'],
  ['that is too long', 'L'.repeat(33), 400, 'request.invalid'],
])('a number %s is refused', async (_, number, status, code) => {
  expect(await shop.customer.problem(READ, { params: { number } })).toMatchObject({ status, code });
});

test("WeChat's transaction number is not taken for an order number", async () => {
  const order = await shop.paidOrder();
  const { payments } = await shop.ledger(order);
  const number = payments[0]?.transactionId ?? '';
  const problem = await shop.customer.problem(READ, { params: { number } });
  expect(problem).toMatchObject({ status: 404, code: 'order.not_found' });
});
