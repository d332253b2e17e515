import { createSandboxClient } from '../sandbox-client';
import type { ClientPage } from './browser';
import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const suite = browserSuite();

interface SandboxDevice {
  id: string;
  productName: string;
}

function sandbox() {
  return createSandboxClient(suite.stack(), fetch);
}

/** Sets the number of users of a device. */
async function setDeviceUsers(id: string, users: number): Promise<void> {
  await fetch(`${suite.stack().sandboxUrl}/sandbox/devices/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ users }),
  });
}

async function firstDevice(): Promise<SandboxDevice> {
  const response = await fetch(`${suite.stack().sandboxUrl}/sandbox/devices`);
  const { items } = (await response.json()) as { items: SandboxDevice[] };
  const [device] = items;
  if (!device) throw new Error('the sandbox has no device');
  return device;
}

/** Opens a card by a link, adds it to the wallet, and opens its device. */
async function openDevice(client: ClientPage, iccid: string): Promise<void> {
  await client.page.goto(`/pages/home/index?number=${iccid}`);
  await client.byId('card-remaining').waitFor();
  const add = client.byId('add-button');
  if ((await add.count()) > 0) await add.click();
  await client.byId('device-row').waitFor();
  await client.byId('device-row').scrollIntoViewIfNeeded();
  await client.screenshot('17-card-with-device-row');
  await client.byId('device-row').click();
}

async function bindDevice(client: ClientPage, { id, productName }: SandboxDevice): Promise<void> {
  await client.field('device-id-input').fill('not an id');
  await client.byId('bind-button').click();
  await client.byId('device-error').waitFor();
  await client.screenshot('18-device-form');
  await client.field('device-id-input').fill(id);
  await client.byId('bind-button').click();
  await client.page.getByText(productName).filter({ visible: true }).waitFor();
}

async function releaseDevice(
  client: ClientPage,
  device: SandboxDevice,
  iccid: string,
): Promise<void> {
  await client.byId('release-button').click();
  await client.byId('release-warning').filter({ hasText: '3 位用户将失去' }).waitFor();
  await client.screenshot('20-device-warning');
  await client.byId('release-continue').click();
  await client.field('proof-input').fill(iccid);
  // A user was added in the meantime: the device is not released, and the new number is shown.
  await setDeviceUsers(device.id, 4);
  await client.byId('release-confirm').click();
  await client.byId('release-warning').filter({ hasText: '4 位用户将失去' }).waitFor();
  await client.byId('release-continue').click();
  await client.field('proof-input').fill(iccid);
  await client.screenshot('21-device-proof');
  await client.byId('release-confirm').click();
  await client.byId('release-end').filter({ hasText: '4 位用户' }).waitFor();
  await client.screenshot('22-device-released');
  await client.byId('release-close').click();
  await client.byId('device-no-users').waitFor();
  await client.screenshot('23-device-without-users');
}

test.each(viewports)(
  'a device is bound to a card, shown with its users, and released from them, on $name',
  async (viewport) => {
    const [device, [card]] = await Promise.all([firstDevice(), sandbox().cards()]);
    const iccid = card?.iccid ?? '';
    await setDeviceUsers(device.id, 3);
    await suite.withClient(viewport, async (client) => {
      await openDevice(client, iccid);
      await bindDevice(client, device);
      await client.byIdPrefix('release-button').first().waitFor();
      await client.screenshot('19-device');
      await releaseDevice(client, device, iccid);
      // The test provoked the refusal that the browser reported.
      client.browserErrors.splice(0);
      await client.byId('unbind-button').click();
      await client.byId('confirm-unbind').click();
      await client.field('device-id-input').waitFor();
    });
  },
  BROWSER_TEST_TIMEOUT_MS,
);
