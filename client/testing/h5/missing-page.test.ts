import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const suite = browserSuite();
const [phone] = viewports;

test(
  'if the code of a page cannot be loaded, a retry is offered, which works once the network is back',
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
      // The test provoked the failed requests that the browser reported.
      client.browserErrors.splice(0);
      await client.byId('missing-page-retry').click();
      await client.byId('card-remaining').waitFor();
    });
  },
  BROWSER_TEST_TIMEOUT_MS,
);
