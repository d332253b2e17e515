import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { createSandboxClient } from '../sandbox-client';
import { startStack } from '../stack';
import type { Stack } from '../stack';
import { launchBrowser, visit } from './browser';
import type { Look, Visit } from './browser';

const phone = { width: 375, height: 812 };
const looks: Look[] = [
  { name: 'phone-light', ...phone, colorScheme: 'light' },
  { name: 'phone-dark', ...phone, colorScheme: 'dark' },
  { name: 'desktop-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 900, colorScheme: 'dark' },
];
const DELIVERY_MS = 20_000;
const JOB_MS = 90_000;
const FIRST_VISIT_KB = 220;

let stack: Stack;
let browser: Browser;
let demoCard: string;
let here: Visit;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  const [card] = await createSandboxClient(stack, fetch).cards();
  demoCard = card?.iccid ?? '';
}, JOB_MS);

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

afterEach(async () => {
  await here.close();
  expect(here.complaints).toEqual([]);
});

/** Does something in a window of its own; where it fails, the error tells what was on the screen. */
async function inWindow(look: Look, work: () => Promise<void>): Promise<void> {
  here = await visit(browser, stack.apiUrl, look);
  try {
    await work();
  } catch (error) {
    throw new Error(await here.evidence(), { cause: error });
  }
}

async function scanDemoCard(): Promise<void> {
  await here.at('scan-button').click();
  await here.page.getByRole('button', { name: demoCard }).click();
  await here.at('card-remaining').waitFor();
}

async function choosePackage(): Promise<void> {
  await here.at('buy-button').click();
  await here.all('category-').last().click();
  await here.all('package-').first().click();
  await here.at('effective-now').click();
}

async function payAtCashier(): Promise<void> {
  const cashier = here.cashier();
  await cashier.getByTestId('cashier-pay').click();
  for (const digit of '135246') await cashier.getByTestId(`cashier-digit-${digit}`).click();
  await cashier.getByTestId('cashier-done').click();
}

async function untilDelivered(): Promise<void> {
  await here.at('result-state').filter({ hasText: '已到账' }).waitFor({ timeout: DELIVERY_MS });
}

/** The pages beside the way of the job. */
async function lookRound(): Promise<void> {
  await here.page.goto('/pages/orders/index');
  await here.all('order-item-').first().waitFor();
  await here.picture('08-orders');
  await here.all('order-item-').first().click();
  await here.at('order-number').waitFor();
  await here.picture('09-order');
  await here.page.goto('/pages/me/index');
  const staffEntry = here.page.getByText('员工入口').filter({ visible: true });
  await staffEntry.waitFor();
  await here.picture('10-me');
  await staffEntry.click();
  await here.page.waitForURL(/\/support\//);
  await here.page.waitForLoadState('networkidle');
  await here.picture('11-staff');
  await here.page.goto('/');
  await here.at('number-input').waitFor();
  await here.picture('13-home-again');
}

test.each(looks)(
  'the whole job, from the first visit to the order’s detail, on $name',
  (look) =>
    inWindow(look, async () => {
      await here.page.goto('/');
      await here.at('number-input').waitFor();
      await here.picture('01-first-visit');
      await scanDemoCard();
      await here.picture('02-card');
      await choosePackage();
      await here.picture('03-packages');
      await here.at('pay-button').click();
      await here.at('confirm-pay').waitFor();
      await here.picture('04-confirm');
      await here.at('confirm-pay').click();
      await here.cashier().getByTestId('cashier-pay').waitFor();
      await here.picture('05-cashier');
      await payAtCashier();
      await here.at('result-state').waitFor();
      await here.picture('06-result');
      await untilDelivered();
      await here.picture('07-delivered');
      await here.at('result-done').click();
      await lookRound();
    }),
  JOB_MS,
);

test(
  'a payment left at the cashier waits, and is taken up again under its number',
  () =>
    inWindow({ name: 'cancelled', ...phone, colorScheme: 'light' }, async () => {
      await here.page.goto('/');
      await scanDemoCard();
      await choosePackage();
      await here.at('pay-button').click();
      await here.at('confirm-pay').click();
      await here.cashier().getByTestId('cashier-close').click();
      await here.at('result-continue-pay').waitFor();
      await here.picture('12-left-unpaid');
      await here.at('result-continue-pay').click();
      await payAtCashier();
      await untilDelivered();
    }),
  JOB_MS,
);

test('what a first visit loads stays within the budget, compressed', () =>
  inWindow({ name: 'first-load', ...phone, colorScheme: 'light' }, async () => {
    const parts: Promise<number>[] = [];
    here.page.on('response', (response) => {
      const kind = response.request().resourceType();
      if (!['document', 'script', 'stylesheet'].includes(kind)) return;
      parts.push(response.body().then((body) => gzipSync(body).length));
    });
    await here.page.goto('/');
    await here.at('number-input').waitFor();
    const sizes = await Promise.all(parts);
    const size = sizes.reduce((sum, part) => sum + part, 0) / 1024;
    process.stdout.write(`H5 first visit (gzip): ${size.toFixed(0)} KB of ${FIRST_VISIT_KB} KB\n`);
    expect(size).toBeLessThanOrEqual(FIRST_VISIT_KB);
  }));
