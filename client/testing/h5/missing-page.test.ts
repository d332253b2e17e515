import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const suite = browserSuite();
const [phone] = viewports;

test(
  'a page whose code cannot be loaded says so, and opens when the network is back',
  async () => {
    await suite.withClient(phone, async (client) => {
      await client.page.goto(`/pages/home/index`);
      await client.byId('number-input').waitFor();
      const code = '**/{js,css}/*';
      await client.page.route(code, (route) => route.abort('internetdisconnected'));
      await client.field('number-input').fill(suite.demoCard());
      await client.byId('lookup-button').click();
      await client.byId('missing-page-retry').waitFor();
      await client.screenshot('16-missing-page');
      await client.page.unroute(code);
      // What Chromium says of the requests that were made to fail is what was asked for.
      client.browserErrors.splice(0);
      await client.byId('missing-page-retry').click();
      await client.byId('card-remaining').waitFor();
    });
  },
  BROWSER_TEST_TIMEOUT_MS,
);
