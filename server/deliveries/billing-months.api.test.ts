import { beijingDate } from '@shared/beijing-time';
import { startOfBillingMonth } from '@shared/billing-month';
import { randomUUID } from 'node:crypto';
import type { Customer } from '../testing/harness';
import { openDakashiShop, serials } from '../testing/dakashi-shop';
import { ledgerOf, placeOrder } from '../testing/shopping';

/** Packages that are paid before the end of a billing month and ordered at 大卡师 after it. */

const MINUTE = 60_000;
const shop = openDakashiShop();
let monthEnd: number;
let customer: Customer;
beforeEach(async () => {
  const { stack } = shop;
  monthEnd = startOfBillingMonth(stack.now(), 31, 1);
  await stack.advanceClock(monthEnd - 8 * MINUTE - stack.now());
  customer = await stack.signIn(randomUUID());
});

/** Pays an order while 大卡师 does not answer, and lets it answer again in the next month. */
async function payAcrossMonths(effective: 'now' | 'nextMonth') {
  const { stack } = shop;
  const purchase = await shop.purchase('small', { by: customer });
  purchase.body.effective = effective;
  const order = await placeOrder(customer, purchase);
  await stack.sandbox.faults({ dakashiDown: true });
  await stack.advanceClock(monthEnd - 3 * MINUTE - stack.now());
  await shop.pay(order);
  await shop.waitFor(order, 'delivering', { by: customer, stepMs: 1_000 });
  await stack.advanceClock(monthEnd + 20_000 - stack.now());
  await stack.sandbox.faults({});
  return order;
}

test('a package for next month starts in the month that was shown, although that is the current one by now', async () => {
  const order = await payAcrossMonths('nextMonth');
  await shop.waitFor(order, 'delivered', { by: customer });
  expect(await shop.recharges('small')).toMatchObject([{ effective: 0 }]);
  const { cards } = await shop.stack.sandbox.dakashiState();
  const { products = [] } = cards.find(({ serialNo }) => serialNo === serials.online) ?? {};
  expect(products.at(-1)).toMatchObject({ start: beijingDate(monthEnd) });
  expect(beijingDate(Date.parse(order.effectiveFrom))).toBe(beijingDate(monthEnd));
});

test('a package for a month that has ended is not ordered, and is refunded', async () => {
  const before = await shop.recharges('small');
  const order = await payAcrossMonths('now');
  await shop.waitFor(order, 'refunded', { by: customer });
  expect(await shop.recharges('small')).toEqual(before);
  const { payment } = await ledgerOf(shop.stack, order.number);
  expect(payment?.refundedFen).toBe(order.amountFen);
});
