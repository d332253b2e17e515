import { randomUUID } from 'node:crypto';
import { dakashiPackages, openDakashiShop } from '../testing/dakashi-shop';
import { newIdempotencyKey } from '../testing/shopping';
import { dialects } from '../testing/test-stores';

/** Longer than the balance is cached. */
const BALANCE_LIFETIME_MS = 21_000;
const CUSTOMERS = 8;

describe.each(dialects)('on %s', (store) => {
  const shop = openDakashiShop({ store });

  test.each([1, 3])(
    'of eight sales at once, a balance for %p packages covers as many',
    async (covered) => {
      await shop.stack.advanceClock(40 * 60_000);
      const closed = "update orders set state = 'closed', open_key = null where state <> 'closed'";
      shop.stack.write(closed);
      const sales = await Promise.all(
        Array.from({ length: CUSTOMERS }, async () => {
          const customer = await shop.stack.signIn(randomUUID());
          return { customer, ...(await shop.purchase('large', { by: customer })) };
        }),
      );
      // One fen short of one more.
      await shop.stack.sandbox.setBalance(dakashiPackages.large.costFen * (covered + 1) - 1);
      await shop.stack.advanceClock(BALANCE_LIFETIME_MS);
      const answers = await Promise.all(
        sales.map(({ customer, body }) =>
          customer.send('POST /orders', {
            headers: { 'idempotency-key': newIdempotencyKey() },
            body,
          }),
        ),
      );
      const statuses = answers.map(({ status }) => status).sort();
      const refused = Array.from({ length: CUSTOMERS - covered }, () => 409);
      expect(statuses).toEqual([...Array.from({ length: covered }, () => 201), ...refused]);
      for (const { status, body } of answers)
        if (status === 409) expect(body).toMatchObject({ code: 'package.not_in_stock' });
      expect(shop.alerts('dakashi')).toEqual(['balanceLow']);
    },
  );
});
