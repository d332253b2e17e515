import { gzipSync } from 'node:zlib';
import type { ClientPage } from './browser';
import { choosePackage, openCashier, payAtCashier, scanCard, waitUntilDelivered } from './steps';
import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const FIRST_VISIT_KB = 220;

const suite = browserSuite();

/** Takes screenshots of the pages that are not part of the purchase. */
async function visitOtherPages(client: ClientPage): Promise<void> {
  await client.page.goto('/pages/orders/index');
  await client.byIdPrefix('order-item-').first().waitFor();
  await client.screenshot('08-orders');
  await client.byIdPrefix('order-item-').first().click();
  await client.byId('order-number').waitFor();
  await client.screenshot('09-order');
  const number = /LK\d+/.exec((await client.byId('order-number').textContent()) ?? '')?.[0] ?? '';
  for (const link of [`number=${number}`, `merchant_trade_no=${number}`]) {
    await client.page.goto(`/pages/order/index?${link}`);
    await client.byId('order-number').getByText(number).waitFor();
  }
  await client.page.goto('/pages/order/index');
  await client.byId('order-list').waitFor();
  await client.screenshot('09-no-order');
  await client.page.goto('/pages/me/index');
  await client.page.getByText('员工入口').filter({ visible: true }).waitFor();
  await client.screenshot('10-me');
  await client.page.goto('/');
  await client.byId('number-input').waitFor();
  await client.screenshot('11-home-again');
}

test.each(viewports)(
  'a purchase, from the first visit to the details of the order, on $name',
  (viewport) =>
    suite.withClient(viewport, async (client) => {
      await client.page.goto('/');
      await client.byId('number-input').waitFor();
      await client.screenshot('01-first-visit');
      await scanCard(client, suite.demoCard());
      await client.screenshot('02-card');
      await choosePackage(client);
      await client.screenshot('03-packages');
      await client.byId('pay-button').click();
      await client.byId('confirm-pay').waitFor();
      await client.screenshot('04-confirm');
      await client.byId('confirm-pay').click();
      await client.cashier().getByTestId('cashier-pay').waitFor();
      await client.screenshot('05-cashier');
      await payAtCashier(client);
      await client.byId('result-state').waitFor();
      await client.screenshot('06-result');
      await waitUntilDelivered(client);
      await client.screenshot('07-delivered');
      await client.byId('result-done').click();
      await client.byId('card-remaining').waitFor();
      await visitOtherPages(client);
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test(
  'an order whose payment was cancelled can be paid later',
  () =>
    suite.withClient({ ...viewports[0], name: 'left' }, async (client) => {
      await client.page.goto('/');
      await scanCard(client, suite.demoCard());
      await choosePackage(client);
      await openCashier(client);
      await client.cashier().getByTestId('cashier-close').click();
      await client.byId('result-continue-pay').waitFor();
      await client.screenshot('12-unpaid');
      await client.byId('result-continue-pay').click();
      await payAtCashier(client);
      await waitUntilDelivered(client);
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test(
  'a link with a number opens the card directly',
  () =>
    suite.withClient({ ...viewports[0], name: 'link' }, async (client) => {
      await client.page.goto(`/pages/home/index?number=${suite.demoCard()}`);
      await client.byId('card-remaining').waitFor();
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test(
  'the compressed size of a first visit stays within the budget',
  () =>
    suite.withClient({ ...viewports[0], name: 'first-load' }, async (client) => {
      const parts: Promise<number>[] = [];
      client.page.on('response', (response) => {
        const kind = response.request().resourceType();
        if (!['document', 'script', 'stylesheet'].includes(kind)) return;
        parts.push(response.body().then((body) => gzipSync(body).length));
      });
      await client.page.goto('/');
      await client.byId('number-input').waitFor();
      const sizes = await Promise.all(parts);
      const size = sizes.reduce((sum, part) => sum + part, 0) / 1024;
      process.stdout.write(
        `H5 first visit (gzip): ${size.toFixed(0)} KB of ${FIRST_VISIT_KB} KB\n`,
      );
      expect(size).toBeLessThanOrEqual(FIRST_VISIT_KB);
    }),
  BROWSER_TEST_TIMEOUT_MS,
);
