import type { ClientPage } from './browser';
import { choosePackage, openCashier, payAtCashier, scanCard, waitUntilDelivered } from './steps';
import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const suite = browserSuite();
const [phone, , , desktopDark] = viewports;

/** Replaces every text by elements of its own, as the translation of a browser does, again and again. */
async function translatePage({ page }: ClientPage): Promise<void> {
  await page.evaluate(() => {
    const translate = (): void => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts) {
        const parent = text.parentElement;
        if (!parent || parent.closest('translated-text, style, script') || !text.data.trim())
          continue;
        const outer = document.createElement('translated-text');
        const inner = document.createElement('translated-text');
        inner.append(`[en] ${text.data}`);
        outer.append(inner);
        text.replaceWith(outer);
      }
    };
    translate();
    setInterval(translate, 100);
  });
}

test(
  'a page that the browser translates during a payment shows the result',
  () =>
    suite.withClient({ ...phone, name: 'translated' }, async (client) => {
      await client.page.goto('/');
      await scanCard(client, suite.demoCard());
      await choosePackage(client);
      await translatePage(client);
      await openCashier(client);
      await payAtCashier(client);
      await waitUntilDelivered(client);
      await client.byId('result-done').click();
      await client.byId('card-remaining').waitFor();
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test.each([phone, desktopDark])(
  'a browser that blocks storage can buy, and is told what is not kept, on $name',
  (viewport) =>
    suite.withClient(viewport, async (client) => {
      await client.page.addInitScript(() => {
        for (const area of ['localStorage', 'sessionStorage']) {
          Object.defineProperty(window, area, {
            configurable: true,
            get: () => {
              throw new DOMException('Access is denied for this document.', 'SecurityError');
            },
          });
        }
      });
      await client.page.goto('/');
      await scanCard(client, suite.demoCard());
      await choosePackage(client);
      await openCashier(client);
      await payAtCashier(client);
      await waitUntilDelivered(client);
      await client.byId('result-done').click();
      await client.byId('card-remaining').waitFor();
      await client.page.goto('/');
      await client.page.getByText('不能保存数据').filter({ visible: true }).waitFor();
      await client.screenshot('17-storage-blocked');
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test(
  'two taps on the pay button while the page is busy open one payment sheet',
  () =>
    suite.withClient({ ...phone, name: 'busy' }, async (client) => {
      const orders: string[] = [];
      client.page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/orders')) orders.push('order');
      });
      await client.page.goto('/');
      await scanCard(client, suite.demoCard());
      await choosePackage(client);
      await client.byId('pay-button').click();
      await client.byId('confirm-pay').waitFor();
      await client.byId('confirm-pay').evaluate((button: HTMLElement) => {
        button.click();
        const until = performance.now() + 600;
        while (performance.now() < until);
        button.click();
      });
      await client.cashier().getByTestId('cashier-pay').waitFor();
      await client.page.waitForTimeout(500);
      expect(await client.page.locator('.overlay-cashier').count()).toBe(1);
      expect(orders).toHaveLength(1);
      await payAtCashier(client);
      await waitUntilDelivered(client);
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test.each([phone, desktopDark])(
  'a page that fails to render shows a message and a way home, on $name',
  (viewport) =>
    suite.withClient(viewport, async (client) => {
      await client.page.route(/\/api\/v1\/cards\?/, async (route) => {
        const response = await route.fetch();
        const { items } = (await response.json()) as { items: object[] };
        await route.fulfill({
          response,
          json: { items: items.map((card) => ({ ...card, status: null })) },
        });
      });
      await client.page.goto('/');
      await client.field('number-input').fill(suite.demoCard());
      await client.byId('lookup-button').click();
      await client.byId('page-home').waitFor();
      await client.screenshot('18-page-failed');
      await client.byId('page-home').click();
      await client.byId('number-input').waitFor();
      // The test provoked the errors that React reported.
      client.browserErrors.splice(0);
    }),
  BROWSER_TEST_TIMEOUT_MS,
);

test.each([phone, desktopDark])(
  'a refused clipboard is said, on $name',
  (viewport) =>
    suite.withClient(viewport, async (client) => {
      await client.page.addInitScript(() => {
        Object.defineProperty(document, 'execCommand', { value: () => false });
        Object.defineProperty(navigator, 'clipboard', {
          value: { writeText: () => Promise.reject(new DOMException('denied', 'NotAllowedError')) },
        });
      });
      await client.page.goto('/');
      await scanCard(client, suite.demoCard());
      await choosePackage(client);
      await openCashier(client);
      await client.cashier().getByTestId('cashier-close').click();
      await client.byId('result-continue-pay').waitFor();
      await client.page.goto('/pages/orders/index');
      await client.byIdPrefix('order-item-').first().click();
      await client.byId('order-number-copy').click();
      await client.page.getByText('没能复制').filter({ visible: true }).waitFor();
      await client.screenshot('19-copy-refused');
    }),
  BROWSER_TEST_TIMEOUT_MS,
);
