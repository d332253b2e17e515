import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ensureChromium } from '../../../config/chromium';
import { createWechatPayClient } from '../testing/wechatpay-client';
import {
  createShingsouClient,
  type PaymentRequest,
  type ShingsouClient,
} from '../testing/shingsou-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

/** The payment sheet in a real browser, in a frame of a page of another origin, as in the client. */

let sandbox: TestSandbox;
let shingsou: ShingsouClient;
let browser: Browser;
let client: Server;
let page: Page;
const browserErrors: string[] = [];

const clientPage = (address: string) => `<!doctype html><title>waiting</title>
<style>body { margin: 0 } iframe { position: fixed; width: 100%; height: 100%; border: 0 }</style>
<iframe src="${address.replaceAll('&', '&amp;')}"></iframe>
<script>
  addEventListener('message', ({ data }) => { document.title = data.source + ' ' + data.errMsg; });
</script>`;

beforeAll(async () => {
  sandbox = await startSandbox();
  shingsou = await createShingsouClient(sandbox);
  client = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://client');
    response.setHeader('content-type', 'text/html');
    response.end(clientPage(searchParams.get('cashier') ?? ''));
  });
  await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve));
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  browser = await chromium.launch({ executablePath: ensureChromium(), args });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => client.close(resolve));
  await sandbox.close();
});
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 375, height: 720 } });
  page.on('pageerror', (error) => browserErrors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') browserErrors.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  expect(browserErrors).toEqual([]);
});

async function open(sheet: PaymentRequest, changes: Partial<PaymentRequest> = {}) {
  const { appId: _mini, ...parameters } = { ...sheet, ...changes };
  const cashier = `${sandbox.url}/sandbox/wechat/cashier?${String(new URLSearchParams(parameters))}`;
  const { port } = client.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${String(port)}/?${String(new URLSearchParams({ cashier }))}`);
  return page.frameLocator('iframe');
}

const outcome = async () => {
  await page.waitForFunction(() => document.title !== 'waiting');
  return page.title();
};

test('paying with six digits returns to the page around the sheet', async () => {
  const { outTradeNo, sheet } = await shingsou.createPreparedOrder();
  const frame = await open(sheet);
  await frame.getByTestId('cashier-pay').click();
  for (const digit of '13579') await frame.getByTestId(`cashier-digit-${digit}`).click();
  await frame.getByTestId('cashier-delete').click();
  await frame.getByTestId('cashier-digit-0').click();
  await expect(shingsou.query(outTradeNo)).resolves.toMatchObject({ tradeState: 'NOTPAY' });
  await frame.getByTestId('cashier-digit-2').click();
  await frame.getByTestId('cashier-done').click();
  expect(await outcome()).toBe('liuka-cashier requestPayment:ok');
  await expect(shingsou.query(outTradeNo)).resolves.toMatchObject({ tradeState: 'SUCCESS' });
});

test('the keyboard works like the number pad', async () => {
  const { sheet } = await shingsou.createPreparedOrder();
  const frame = await open(sheet);
  await frame.getByTestId('cashier-pay').press('Enter');
  await frame.getByTestId('cashier-digit-1').focus();
  await page.keyboard.type('246810');
  await frame.getByTestId('cashier-done').press('Enter');
  expect(await outcome()).toBe('liuka-cashier requestPayment:ok');
});

test.each(['at once', 'before the password'])(
  'closing the sheet %s leaves it unpaid',
  async (when) => {
    const { outTradeNo, sheet } = await shingsou.createPreparedOrder();
    const frame = await open(sheet);
    if (when !== 'at once') await frame.getByTestId('cashier-pay').click();
    await frame.getByTestId('cashier-close').click();
    expect(await outcome()).toBe('liuka-cashier requestPayment:fail cancel');
    await expect(shingsou.query(outTradeNo)).resolves.toMatchObject({ tradeState: 'NOTPAY' });
  },
);

test('forged payment parameters show WeChat’s error, and cannot be paid', async () => {
  const { sheet } = await shingsou.createPreparedOrder();
  const frame = await open(sheet, { paySign: '0'.repeat(32) });
  await frame.getByText('支付验证签名失败').waitFor();
  expect(await frame.getByTestId('cashier-pay').isVisible()).toBe(false);
  await frame.getByTestId('cashier-dismiss').click();
  expect(await outcome()).toBe('liuka-cashier requestPayment:fail 支付验证签名失败');
});

test('payment parameters of WeChat Pay’s API v3 are paid like those of API v2', async () => {
  const wechatPay = await createWechatPayClient(sandbox);
  const { number, sheet, description } = await wechatPay.createPreparedOrder();
  const frame = await open({ appId: '', ...sheet });
  await frame.getByText(description).first().waitFor();
  await frame.getByTestId('cashier-pay').click();
  for (const digit of '123456') await frame.getByTestId(`cashier-digit-${digit}`).click();
  await frame.getByTestId('cashier-done').click();
  expect(await outcome()).toBe('liuka-cashier requestPayment:ok');
  expect((await wechatPay.query(number)).body).toMatchObject({ trade_state: 'SUCCESS' });
});

test('an order that was paid meanwhile cannot be paid again', async () => {
  const { sheet } = await shingsou.createPreparedOrder();
  const frame = await open(sheet);
  await shingsou.submitCashier({ package: sheet.package, action: 'pay' });
  await frame.getByTestId('cashier-pay').click();
  for (const digit of '111111') await frame.getByTestId(`cashier-digit-${digit}`).click();
  await frame.getByTestId('cashier-dismiss').click();
  expect(await outcome()).toMatch(/requestPayment:fail .*已支付/);
});
