import { createSandboxClient } from '../sandbox-client';
import type { Visit } from './browser';
import { BROWSER_TEST_TIMEOUT_MS, browserSuite, viewports } from './suite';

const suite = browserSuite();

interface SandboxDevice {
  id: string;
  productName: string;
}

function sandbox() {
  return createSandboxClient(suite.stack(), fetch);
}

/** Gives a device that many people. */
async function setDeviceUsers(id: string, users: number): Promise<void> {
  await fetch(`${suite.stack().sandboxUrl}/sandbox/devices/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ users }),
  });
}

async function firstDevice(): Promise<SandboxDevice> {
  const answer = await fetch(`${suite.stack().sandboxUrl}/sandbox/devices`);
  const { items } = (await answer.json()) as { items: SandboxDevice[] };
  const [device] = items;
  if (!device) throw new Error('the sandbox has no device');
  return device;
}

/** From a link to the card's page, and from there, with the card in the wallet, to its device. */
async function openDevice(here: Visit, iccid: string): Promise<void> {
  await here.page.goto(`/pages/home/index?number=${iccid}`);
  await here.at('card-remaining').waitFor();
  const add = here.at('add-button');
  if ((await add.count()) > 0) await add.click();
  await here.at('device-row').waitFor();
  await here.at('device-row').scrollIntoViewIfNeeded();
  await here.picture('17-card-with-device-row');
  await here.at('device-row').click();
}

async function bindDevice(here: Visit, { id, productName }: SandboxDevice): Promise<void> {
  await here.field('device-id-input').fill('not an id');
  await here.at('tie-button').click();
  await here.at('device-fault').waitFor();
  await here.picture('18-device-form');
  await here.field('device-id-input').fill(id);
  await here.at('tie-button').click();
  await here.page.getByText(productName).filter({ visible: true }).waitFor();
}

async function releaseDevice(here: Visit, device: SandboxDevice, iccid: string): Promise<void> {
  await here.at('release-button').click();
  await here.at('release-warning').filter({ hasText: '3 位用户将失去' }).waitFor();
  await here.picture('20-device-warning');
  await here.at('release-go-on').click();
  await here.field('proof-input').fill(iccid);
  // Somebody was let in meanwhile: nothing is done, and the number is told anew.
  await setDeviceUsers(device.id, 4);
  await here.at('release-confirm').click();
  await here.at('release-warning').filter({ hasText: '4 位用户将失去' }).waitFor();
  await here.at('release-go-on').click();
  await here.field('proof-input').fill(iccid);
  await here.picture('21-device-proof');
  await here.at('release-confirm').click();
  await here.at('release-end').filter({ hasText: '4 位用户' }).waitFor();
  await here.picture('22-device-released');
  await here.at('release-close').click();
  await here.at('device-nobody').waitFor();
  await here.picture('23-device-of-nobody');
}

test.each(viewports)(
  'a device is tied to a card, shown with its people, and taken from them, on $name',
  async (viewport) => {
    const [device, [card]] = await Promise.all([firstDevice(), sandbox().cards()]);
    const iccid = card?.iccid ?? '';
    await setDeviceUsers(device.id, 3);
    await suite.inWindow(viewport, async (here) => {
      await openDevice(here, iccid);
      await bindDevice(here, device);
      await here.all('release-button').first().waitFor();
      await here.picture('19-device');
      await releaseDevice(here, device, iccid);
      // What the BFF refused on the way is what was asked for.
      here.complaints.splice(0);
      await here.at('untie-button').click();
      await here.at('confirm-untie').click();
      await here.field('device-id-input').waitFor();
    });
  },
  BROWSER_TEST_TIMEOUT_MS,
);
