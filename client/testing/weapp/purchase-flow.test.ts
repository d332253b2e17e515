import { createSandboxClient } from '../sandbox-client';
import type { SandboxCard } from '../sandbox-client';
import { startStack } from '../stack';
import type { Stack } from '../stack';
import { collectConsoleErrors } from './console-errors';
import { createPhone, openMiniProgram } from './mini-program';
import type { MiniProgram } from './mini-program';

declare const hostFetch: typeof fetch;

const DELIVERY_MS = 20_000;

let stack: Stack;
let sandbox: ReturnType<typeof createSandboxClient>;
let cards: SandboxCard[];
let consoleErrors: string[];
let app: MiniProgram;

beforeAll(async () => {
  stack = await startStack();
  sandbox = createSandboxClient(stack, hostFetch);
  cards = await sandbox.cards();
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

/** The first card is active, and packages can be bought for it. */
function demoCard(): SandboxCard {
  const [first] = cards;
  if (first === undefined) throw new Error('the sandbox has no cards');
  return first;
}

async function scanCard(iccid: string): Promise<void> {
  app.user.scan = iccid;
  await app.tap('scan-button');
  await app.waitUntil('card', () => app.text('card-remaining') !== undefined);
}

/** Selects, from the card's page, a package of the last category, starting now. @returns its id */
async function choosePackage(): Promise<string> {
  await app.tap('buy-button');
  await app.waitUntil('packages', () => app.ids('package-').length > 0);
  const [before] = app.ids('package-');
  await app.tap(app.ids('category-').at(-1) ?? '');
  await app.waitUntil(
    'other packages',
    () => ![before, undefined].includes(app.ids('package-')[0]),
  );
  const [tile = ''] = app.ids('package-');
  await app.tap(tile);
  await app.tap('effective-now');
  return tile.slice('package-'.length);
}

async function pay(): Promise<void> {
  await app.tap('pay-button');
  await app.tap('confirm-pay');
  await app.waitUntil('result', () => app.text('result-state') !== undefined);
}

async function waitUntilDelivered(): Promise<void> {
  await app.waitUntil(
    '已到账',
    () => app.text('result-state')?.includes('已到账') === true,
    DELIVERY_MS,
  );
}

/** Opens the newest order from the list. @returns its number and state */
async function readNewestOrder(): Promise<{ number: string; state: string }> {
  app.openTab('pages/orders/index');
  await app.waitUntil('orders', () => app.ids('order-item-').length > 0);
  await app.tap(app.ids('order-item-')[0] ?? '');
  await app.waitUntil('order', () => app.text('order-number') !== undefined);
  return { number: app.text('order-number') ?? '', state: app.text('order-state') ?? '' };
}

function requestsTo(path: RegExp): string[] {
  return app.requests
    .map(({ method, path: made }) => `${method} ${made}`)
    .filter((made) => path.test(made));
}

test('a scanned card is shown, and a package for it is bought, paid and delivered', async () => {
  const card = demoCard();
  app = openMiniProgram(stack, createPhone('first-buyer'));
  await scanCard(card.iccid);
  expect(app.text('card-status')).toContain('正常');
  const packageId = await choosePackage();
  await pay();
  await waitUntilDelivered();

  await app.tap('result-done');
  const order = await readNewestOrder();
  expect(order.state).toContain('已到账');
  const { payments, deliveries } = await sandbox.ledger();
  const payment = payments.find(({ orderNumber }) => order.number.includes(orderNumber));
  expect(payment).toMatchObject({ refundedFen: 0 });
  expect(deliveries.filter(({ orderNumber }) => orderNumber === payment?.orderNumber)).toEqual([
    expect.objectContaining({ packageId }),
  ]);
});

test('after a cancelled payment the same order can be paid', async () => {
  app = openMiniProgram(stack, createPhone('hesitant-buyer'));
  await scanCard(demoCard().iccid);
  await choosePackage();
  app.user.payment = 'cancel';
  await pay();
  await app.waitUntil('待支付', () => app.text('result-state')?.includes('待支付') === true);
  const before = await sandbox.ledger();
  expect(requestsTo(/^POST .*\/orders/)).toHaveLength(1);

  app.user.payment = 'pay';
  await app.tap('result-continue-pay');
  await waitUntilDelivered();

  const order = await readNewestOrder();
  const after = await sandbox.ledger();
  const taken = after.payments.slice(before.payments.length);
  expect(taken).toHaveLength(1);
  expect(order.number).toContain(taken[0]?.orderNumber);
  expect(requestsTo(/^POST .*\/orders/)).toEqual([
    'POST /api/v1/orders',
    expect.stringMatching(/^POST \/api\/v1\/orders\/[^/]+\/payment$/),
  ]);
});

test('an unpaid order can be paid from the list of orders', async () => {
  const phone = createPhone('forgetful-buyer');
  app = openMiniProgram(stack, phone);
  await scanCard(demoCard().iccid);
  await choosePackage();
  phone.user.payment = 'cancel';
  await pay();
  await app.waitUntil('待支付', () => app.text('result-state')?.includes('待支付') === true);
  app.close();

  phone.user.payment = 'pay';
  app = openMiniProgram(stack, phone);
  expect((await readNewestOrder()).state).toContain('待支付');
  await app.tap('order-pay');
  await app.waitUntil('已到账', () => app.text()?.includes('已到账') === true, DELIVERY_MS);
  expect(requestsTo(/^POST \/api\/v1\/sessions/)).toEqual([]);
});

test('an order opens from WeChat by its number, for its owner only', async () => {
  const phone = createPhone('returning-buyer');
  app = openMiniProgram(stack, phone);
  await scanCard(demoCard().iccid);
  await choosePackage();
  app.user.payment = 'cancel';
  await pay();
  const [number = ''] = /LK\d+/.exec((await readNewestOrder()).number) ?? [];
  app.close();

  for (const query of [
    `number=${number}`,
    `id=1&merchant_id=1900000001&merchant_trade_no=${number}`,
  ]) {
    app = openMiniProgram(stack, phone, `/pages/order/index?${query}`);
    await app.waitUntil('待支付', () => app.text('order-state')?.includes('待支付') === true);
    expect(app.text('order-number')).toContain(number);
    expect(requestsTo(/by-number/)).toEqual([`GET /api/v1/orders/by-number/${number}`]);
    app.close();
  }

  app = openMiniProgram(stack, createPhone('other-buyer'), `/pages/order/index?number=${number}`);
  await app.waitUntil('没有找到', () => /没有找到|找不到/.test(app.text() ?? ''));
  expect(app.text('order-number')).toBeUndefined();
  expect(app.text()).not.toContain(number);
});

test('the page of an order that the link does not name leads to the orders and home', async () => {
  for (const [button, route] of [
    ['order-list', 'pages/orders/index'],
    ['order-home', 'pages/home/index'],
  ] as const) {
    app = openMiniProgram(stack, createPhone('lost-buyer'), '/pages/order/index');
    await app.waitUntil('a message', () => app.text()?.includes('没有指定订单') === true);
    expect(app.text('order-list')).toBe('我的订单');
    expect(app.requests).toEqual([]);
    await app.tap(button);
    await app.waitUntil(route, () => app.route() === route);
    app.close();
  }
});

test('a launch needs no more requests than necessary to show a card', async () => {
  const phone = createPhone('returning-holder');
  const link = `/pages/home/index?number=${demoCard().iccid}`;
  app = openMiniProgram(stack, phone, link);
  await app.waitUntil('card', () => app.text('card-remaining') !== undefined);
  const first = requestsTo(/./);
  app.close();

  app = openMiniProgram(stack, phone, link);
  await app.waitUntil('card', () => app.text('card-remaining') !== undefined);
  const again = requestsTo(/./);

  process.stdout.write(
    `Requests until a card is shown: ${first.length} first, ${again.length} later\n`,
  );
  expect(first).toEqual([
    expect.stringMatching(/^POST .*\/sessions$/),
    expect.stringMatching(/^GET /),
  ]);
  expect(again).toEqual([expect.stringMatching(/^GET /)]);
});

test('for a number that no platform knows, the page shows an error message', async () => {
  app = openMiniProgram(stack, createPhone('mistaken-holder'));
  await app.type('number-input', '8986 0000 0000 0000 0000');
  await app.tap('lookup-button');
  await app.waitUntil('没有找到', () => /没有找到|未找到|查不到/.test(app.text() ?? ''));
  expect(app.route()).toBe('pages/home/index');
});
