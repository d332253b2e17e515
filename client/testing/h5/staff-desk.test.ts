import type { ClientPage } from './browser';
import { STAFF_DESK, addStaff, searchDesk, signInStaff } from './staff';
import { choosePackage, openCashier, payAtCashier, scanCard, waitUntilDelivered } from './steps';
import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const suite = browserSuite();

/** Buys a package as a customer. @returns the order's number */
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
    addStaff(suite.stack().databaseUrl, `desk-${viewport.name}`);
    await suite.withClient(viewport, async (client) => {
      await client.page.goto(STAFF_DESK);
      await client.field('staff-username').waitFor();
      await client.screenshot('13-staff-sign-in');
      await signInStaff(client, `desk-${viewport.name}`);
      await searchDesk(client, suite.demoCard());
      await client.byId('desk-iccid').waitFor();
      await client.screenshot('14-staff-card');
      await searchDesk(client, orderNumber);
      await client.byId('desk-order-number').filter({ hasText: orderNumber }).waitFor();
      await client.screenshot('15-staff-order');
      await client.byId('staff-sign-out').click();
      await client.field('staff-username').waitFor();
    });
  },
  BROWSER_TEST_TIMEOUT_MS,
);
