import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Visit } from './browser';
import { choosePackage, openCashier, payAtCashier, scanCard, untilDelivered } from './steps';
import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const DESK = '/support/pages/desk/index';
const PASSWORD = 'a long enough password';

const suite = browserSuite();

/** As an operator does it, with the server running. */
function addStaff(username: string): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'server/cli/staff.ts', 'add', username], {
    cwd: join(__dirname, '../../..'),
    env: { ...process.env, DATABASE_URL: suite.stack().databaseUrl },
    input: `${PASSWORD}\n`,
  });
}

async function signIn(here: Visit, username: string): Promise<void> {
  await here.page.goto(DESK);
  await here.field('staff-username').fill(username);
  await here.field('staff-password').fill(PASSWORD);
  await here.at('staff-sign-in').click();
  await here.at('desk-query').waitFor();
}

async function search(here: Visit, query: string): Promise<void> {
  await here.field('desk-query').fill(query);
  await here.at('desk-search').click();
}

/** A customer buys a package. @returns the order's number */
async function buy(here: Visit): Promise<string> {
  await here.page.goto('/');
  await scanCard(here, suite.demoCard());
  await choosePackage(here);
  await openCashier(here);
  await payAtCashier(here);
  await untilDelivered(here);
  await here.page.goto('/pages/orders/index');
  await here.all('order-item-').first().click();
  const text = await here.at('order-number').innerText();
  return /LK\d+/.exec(text.replaceAll(/\s/g, ''))?.[0] ?? '';
}

test.each(viewports)(
  'staff find a customer’s card and order by their numbers, on $name',
  async (viewport) => {
    let orderNumber = '';
    await suite.inWindow({ ...viewport, name: `customer-${viewport.name}` }, async (here) => {
      orderNumber = await buy(here);
    });
    addStaff(`desk-${viewport.name}`);
    await suite.inWindow(viewport, async (here) => {
      await here.page.goto(DESK);
      await here.field('staff-username').waitFor();
      await here.picture('13-staff-sign-in');
      await signIn(here, `desk-${viewport.name}`);
      await search(here, suite.demoCard());
      await here.at('desk-iccid').waitFor();
      await here.picture('14-staff-card');
      await search(here, orderNumber);
      await here.at('desk-order-number').filter({ hasText: orderNumber }).waitFor();
      await here.picture('15-staff-order');
      await here.at('staff-sign-out').click();
      await here.field('staff-username').waitFor();
    });
  },
  BROWSER_TEST_TIMEOUT_MS,
);
