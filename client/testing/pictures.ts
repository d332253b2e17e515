import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser, openClient, waitUntilRendered } from './h5/browser';
import type { ClientPage } from './h5/browser';
import { addStaff, searchDesk, signInStaff } from './h5/staff';
import { choosePackage, openCashier, payAtCashier, waitUntilDelivered } from './h5/steps';
import { createSandboxClient } from './sandbox-client';
import { startStack } from './stack';
import type { Stack } from './stack';

/** Takes the pictures of the README from the built H5 client: `npm run build:h5 && npm run pictures`. */

const PICTURES = join(__dirname, '../../docs/pictures');

const phone = {
  name: 'phone',
  width: 375,
  height: 812,
  colorScheme: 'light',
  deviceScaleFactor: 2,
} as const;

const desktop = {
  name: 'desktop',
  width: 1280,
  height: 800,
  colorScheme: 'light',
} as const;

/** The wallet in the pictures: nicknames for cards of three carriers, one of them out of balance. */
const wallet = [
  { nickname: '老家路由器', carrier: 'telecom', carrierCode: '6' },
  { nickname: '仓库监控', carrier: 'unicom', carrierCode: '1' },
  { nickname: '车载热点', carrier: 'mobile', carrierCode: '0' },
  { nickname: '门口摄像头', carrier: 'telecom', carrierCode: '1' },
];

async function takePicture(client: ClientPage, name: string): Promise<void> {
  await waitUntilRendered(client.page);
  await client.page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

async function openCard(client: ClientPage, iccid: string): Promise<void> {
  await client.page.goto(`/pages/home/index?number=${iccid}`);
  await client.byId('card-remaining').waitFor();
}

async function addToWallet(client: ClientPage, iccid: string, nickname: string): Promise<void> {
  await openCard(client, iccid);
  await client.byId('add-button').click();
  await client.byId('rename-button').click();
  await client.field('nickname-input').fill(nickname);
  await client.byId('save-nickname').click();
  await client.byId('save-nickname').waitFor({ state: 'hidden' });
}

/** @returns the ICCIDs of the wallet's cards, in its order */
async function fillWallet(client: ClientPage, stack: Stack): Promise<string[]> {
  const cards = await createSandboxClient(stack, fetch).cards();
  const iccids = wallet.map(({ carrier, carrierCode }) => {
    const card = cards.find(
      (known) => known.carrier === carrier && known.carrierCode === carrierCode,
    );
    return card?.iccid ?? '';
  });
  for (const [index, { nickname }] of wallet.entries()) {
    await addToWallet(client, iccids[index] ?? '', nickname);
  }
  return iccids;
}

/** @returns the ICCID of the card that a package was bought for */
async function pictureCustomerPages(browser: Browser, stack: Stack): Promise<string> {
  const client = await openClient(browser, stack.apiUrl, phone);
  const iccid = (await fillWallet(client, stack)).at(-1) ?? '';
  await client.page.goto('/');
  await client.page.getByText(wallet[0]?.nickname ?? '').waitFor();
  await takePicture(client, 'home');
  await openCard(client, iccid);
  await takePicture(client, 'card');
  await client.byId('buy-button').click();
  await client.byIdPrefix('package-').nth(1).click();
  await takePicture(client, 'packages');
  await openCashier(client);
  await payAtCashier(client);
  await waitUntilDelivered(client);
  await openCard(client, iccid);
  await choosePackage(client);
  await openCashier(client);
  await payAtCashier(client);
  await waitUntilDelivered(client);
  await client.close();
  return iccid;
}

async function pictureStaffDesk(browser: Browser, stack: Stack, iccid: string): Promise<void> {
  addStaff(stack.databaseUrl, 'lin.yue');
  const client = await openClient(browser, stack.apiUrl, desktop);
  await signInStaff(client, 'lin.yue');
  await searchDesk(client, iccid);
  await client.byId('desk-iccid').waitFor();
  await takePicture(client, 'staff-desk');
  await client.close();
}

async function main(): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  try {
    const iccid = await pictureCustomerPages(browser, stack);
    await pictureStaffDesk(browser, stack, iccid);
  } finally {
    await browser.close();
    await stack.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
