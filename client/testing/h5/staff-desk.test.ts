import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ClientPage } from './browser';
import { choosePackage, openCashier, payAtCashier, scanCard, waitUntilDelivered } from './steps';
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

async function signIn(client: ClientPage, username: string): Promise<void> {
  await client.page.goto(DESK);
  await client.field('staff-username').fill(username);
  await client.field('staff-password').fill(PASSWORD);
  await client.byId('staff-sign-in').click();
  await client.byId('desk-query').waitFor();
}

async function search(client: ClientPage, query: string): Promise<void> {
  await client.field('desk-query').fill(query);
  await client.byId('desk-search').click();
}

/** A customer buys a package. @returns the order's number */
async function buyPackage(client: ClientPage): Promise<string> {
  await client.page.goto('/');
  await scanCard(client, suite.demoCard());
  await choosePackage(client);
  await openCashier(client);
  await payAtCashier(client);
  await waitUntilDelivered(client);
  await client.page.goto('/pages/orders/index');
  await client.byIdPrefix('order-item-').first().click();
  const text = await client.byId('order-number').innerText();
  return /LK\d+/.exec(text.replaceAll(/\s/g, ''))?.[0] ?? '';
}

test.each(viewports)(
  'staff find a customer’s card and order by their numbers, on $name',
  async (viewport) => {
    let orderNumber = '';
    await suite.withClient({ ...viewport, name: `customer-${viewport.name}` }, async (client) => {
      orderNumber = await buyPackage(client);
    });
    addStaff(`desk-${viewport.name}`);
    await suite.withClient(viewport, async (client) => {
      await client.page.goto(DESK);
      await client.field('staff-username').waitFor();
      await client.screenshot('13-staff-sign-in');
      await signIn(client, `desk-${viewport.name}`);
      await search(client, suite.demoCard());
      await client.byId('desk-iccid').waitFor();
      await client.screenshot('14-staff-card');
      await search(client, orderNumber);
      await client.byId('desk-order-number').filter({ hasText: orderNumber }).waitFor();
      await client.screenshot('15-staff-order');
      await client.byId('staff-sign-out').click();
      await client.field('staff-username').waitFor();
    });
  },
  BROWSER_TEST_TIMEOUT_MS,
);
