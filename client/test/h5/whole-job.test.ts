import { gzipSync } from 'node:zlib';
import type { Visit } from './browser';
import { choosePackage, openCashier, payAtCashier, scanCard, untilDelivered } from './steps';
import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const FIRST_VISIT_KB = 220;

const suite = browserSuite();

/** The pages beside the way of the job. */
async function visitOtherPages(here: Visit): Promise<void> {
  await here.page.goto('/pages/orders/index');
  await here.all('order-item-').first().waitFor();
  await here.picture('08-orders');
  await here.all('order-item-').first().click();
  await here.at('order-number').waitFor();
  await here.picture('09-order');
  await here.page.goto('/pages/me/index');
  await here.page.getByText('员工入口').filter({ visible: true }).waitFor();
  await here.picture('10-me');
  await here.page.goto('/');
  await here.at('number-input').waitFor();
  await here.picture('11-home-again');
}

test.each(viewports)(
  'the whole job, from the first visit to the order’s detail, on $name',
  (viewport) =>
    suite.inWindow(viewport, async (here) => {
      await here.page.goto('/');
      await here.at('number-input').waitFor();
      await here.picture('01-first-visit');
      await scanCard(here, suite.demoCard());
      await here.picture('02-card');
      await choosePackage(here);
      await here.picture('03-packages');
      await here.at('pay-button').click();
      await here.at('confirm-pay').waitFor();
      await here.picture('04-confirm');
      await here.at('confirm-pay').click();
      await here.cashier().getByTestId('cashier-pay').waitFor();
      await here.picture('05-cashier');
      await payAtCashier(here);
      await here.at('result-state').waitFor();
      await here.picture('06-result');
      await untilDelivered(here);
      await here.picture('07-delivered');
      await here.at('result-done').click();
      await here.at('card-remaining').waitFor();
      await visitOtherPages(here);
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test(
  'a payment left at the cashier waits, and is taken up again under its number',
  () =>
    suite.inWindow({ ...viewports[0], name: 'left' }, async (here) => {
      await here.page.goto('/');
      await scanCard(here, suite.demoCard());
      await choosePackage(here);
      await openCashier(here);
      await here.cashier().getByTestId('cashier-close').click();
      await here.at('result-continue-pay').waitFor();
      await here.picture('12-unpaid');
      await here.at('result-continue-pay').click();
      await payAtCashier(here);
      await untilDelivered(here);
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test(
  'a link with a number on it opens the card itself',
  () =>
    suite.inWindow({ ...viewports[0], name: 'link' }, async (here) => {
      await here.page.goto(`/pages/home/index?number=${suite.demoCard()}`);
      await here.at('card-remaining').waitFor();
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test(
  'what a first visit loads stays within the budget, compressed',
  () =>
    suite.inWindow({ ...viewports[0], name: 'first-load' }, async (here) => {
      const parts: Promise<number>[] = [];
      here.page.on('response', (response) => {
        const kind = response.request().resourceType();
        if (!['document', 'script', 'stylesheet'].includes(kind)) return;
        parts.push(response.body().then((body) => gzipSync(body).length));
      });
      await here.page.goto('/');
      await here.at('number-input').waitFor();
      const sizes = await Promise.all(parts);
      const size = sizes.reduce((sum, part) => sum + part, 0) / 1024;
      process.stdout.write(
        `H5 first visit (gzip): ${size.toFixed(0)} KB of ${FIRST_VISIT_KB} KB\n`,
      );
      expect(size).toBeLessThanOrEqual(FIRST_VISIT_KB);
    }),
  BROWSER_TEST_TIMEOUT_MS,
);
