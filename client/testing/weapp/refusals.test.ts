import { readableCases } from '@shared/testing/card-number-cases';
import { createSandboxClient } from '../sandbox-client';
import { startStack } from '../stack';
import type { Stack } from '../stack';
import { collectConsoleErrors } from './console-errors';
import { createPhone, openMiniProgram } from './mini-program';
import type { MiniProgram } from './mini-program';

declare const hostFetch: typeof fetch;
declare const wx: { navigateTo(options: { url: string }): Promise<object> };
declare const getCurrentPages: () => { options: Record<string, string> }[];

let stack: Stack;
let iccid: string;
let consoleErrors: string[];
let app: MiniProgram;

beforeAll(async () => {
  stack = await startStack();
  const [card] = await createSandboxClient(stack, hostFetch).cards();
  iccid = card?.iccid ?? '';
});

afterAll(() => stack.stop());

beforeEach(() => {
  consoleErrors = collectConsoleErrors();
});

afterEach(() => {
  app.close();
  jest.restoreAllMocks();
  expect(consoleErrors).toEqual([]);
});

async function scanCard(): Promise<void> {
  app.user.scan = iccid;
  await app.tap('scan-button');
  await app.waitUntil('card', () => app.text('card-remaining') !== undefined);
}

async function placeOrder(payment: 'pay' | 'cancel'): Promise<void> {
  app.user.payment = payment;
  await app.tap('buy-button');
  await app.waitUntil('packages', () => app.ids('package-').length > 0);
  await app.tap(app.ids('package-')[0] ?? '');
  await app.tap('effective-now');
  await app.tap('pay-button');
  await app.tap('confirm-pay');
  await app.waitUntil('result', () => app.text('result-state') !== undefined);
}

test('on the tenth page, the next one replaces it', async () => {
  app = openMiniProgram(stack, createPhone('wanderer'));
  await scanCard();
  const url = `/pages/card/index?cardId=${getCurrentPages().at(-1)?.options.cardId ?? ''}`;
  while (getCurrentPages().length < 10) await wx.navigateTo({ url });
  await app.waitUntil('card', () => app.text('card-remaining') !== undefined);
  await app.tap('buy-button');
  await app.waitUntil('packages', () => app.ids('package-').length > 0);
  expect(app.route()).toBe('pages/packages/index');
  expect(getCurrentPages()).toHaveLength(10);
  app.back();
  expect(app.route()).toBe('pages/card/index');
});

test('a refused clipboard is said, and the number can be selected', async () => {
  const phone = createPhone('copying-holder');
  phone.user.refused = { setClipboardData: 'auth denied' };
  app = openMiniProgram(stack, phone);
  await scanCard();
  await placeOrder('cancel');
  app.openTab('pages/orders/index');
  await app.waitUntil('orders', () => app.ids('order-item-').length > 0);
  await app.tap(app.ids('order-item-')[0] ?? '');
  await app.tap('order-number-copy');
  await app.waitUntil('没能复制', () => app.text()?.includes('没能复制') === true);
  phone.user.refused = {};
  await app.tap('order-number-copy');
  await app.waitUntil('已复制', () => app.text()?.includes('已复制') === true);
  expect(app.text()).not.toContain('没能复制');
});

test('a cancelled scan changes nothing, and a refused camera is said', async () => {
  const phone = createPhone('scanning-holder');
  app = openMiniProgram(stack, phone);
  await app.tap('scan-button');
  expect(app.text('search-error')).toBeUndefined();
  phone.user.refused = { scanCode: 'auth deny' };
  await app.tap('scan-button');
  await app.waitUntil('没有相机权限', () => app.text('search-error')?.includes('相机') === true);
});

test('with a full storage the app works until it is closed, and says so', async () => {
  const phone = createPhone('full-phone');
  phone.user.refused = { setStorageSync: 'exceed storage max size' };
  app = openMiniProgram(stack, phone);
  await scanCard();
  await placeOrder('pay');
  await app.waitUntil(
    '已到账',
    () => app.text('result-state')?.includes('已到账') === true,
    20_000,
  );
  app.openTab('pages/home/index');
  await app.waitUntil('notice', () => app.text()?.includes('不能保存数据') === true);
  const sessions = app.requests.filter(({ path }) => path.endsWith('/sessions'));
  expect(sessions).toHaveLength(1);
  expect(phone.storage.size).toBe(0);
});

test('a number is looked up however it is pasted', async () => {
  app = openMiniProgram(stack, createPhone('pasting-holder'));
  for (const [name, text, number] of readableCases) {
    const before = app.requests.length;
    await app.type('number-input', text);
    await app.tap('lookup-button');
    const lookUps = () => app.requests.slice(before).filter(({ path }) => path.includes('/cards?'));
    await app.waitUntil(name, () => lookUps().some(({ status }) => status !== undefined));
    expect([name, lookUps().at(-1)?.path]).toEqual([name, `/api/v1/cards?number=${number}`]);
    await app.waitUntil('the end', () => app.text('lookup-button')?.trim() === '查询');
  }
});
