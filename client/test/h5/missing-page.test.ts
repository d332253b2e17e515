import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const suite = browserSuite();
const [phone] = viewports;

test(
  'a page whose code cannot be loaded says so, and opens when the network is back',
  async () => {
    await suite.inWindow(phone, async (here) => {
      await here.page.goto(`/pages/home/index`);
      await here.at('number-input').waitFor();
      const code = '**/{js,css}/*';
      await here.page.route(code, (route) => route.abort('internetdisconnected'));
      await here.field('number-input').fill(suite.demoCard());
      await here.at('lookup-button').click();
      await here.at('missing-page-retry').waitFor();
      await here.picture('16-missing-page');
      await here.page.unroute(code);
      // What Chromium says of the requests that were made to fail is what was asked for.
      here.complaints.splice(0);
      await here.at('missing-page-retry').click();
      await here.at('card-remaining').waitFor();
    });
  },
  BROWSER_TEST_TIMEOUT_MS,
);
