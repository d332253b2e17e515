import { randomUUID } from 'node:crypto';
import type { Card } from '@shared/contract';
import {
  createDeviceControls,
  addCardToWallet,
  provePossession,
  bindDevice,
  type SandboxDevice,
} from '../testing/device-fixtures';
import { INTERNAL_KEY, startStack, type Customer, type Stack } from '../testing/harness';
import { findCard } from '../testing/shopping';

const UNKNOWN_DEVICE_ID = 'e22cfa2e-9752-11e6-9baf-00163e120d98';
const MINUTE = 60_000;

let stack: Stack;
let controls: ReturnType<typeof createDeviceControls>;
let devices: SandboxDevice[];
let customer: Customer;
let card: Card;
beforeAll(async () => {
  stack = await startStack();
  controls = createDeviceControls(stack);
  devices = await controls.all();
});
beforeEach(async () => {
  stack.write('delete from card_devices');
  await controls.setUserCount(devices[0]!.id, 3);
  customer = await stack.signIn(randomUUID());
  card = await addCardToWallet(stack, customer, 0);
});
afterEach(() => stack.sandbox.faults());
afterAll(() => stack.close());

const device = () => devices[0]!;
const params = (index = 0) => ({ deviceId: devices[index]!.id });
const cardParams = () => ({ cardId: card.id });

function users(client: Customer, index = 0) {
  return client.ok('GET /devices/:deviceId/users', { params: params(index) });
}

function releaseRequest(confirm: number | string) {
  return { params: params(), query: { confirm } };
}

describe('binding a device to a card', () => {
  test('shows the device with the card, as its platform reports it', async () => {
    expect(card).toMatchObject({ deviceId: null, canTieDevice: true });
    const tied = await bindDevice(customer, card.id, device().id);
    expect(tied).toEqual({
      id: device().id,
      cardId: card.id,
      status: 'known',
      online: true,
      product: { id: expect.any(String) as string, name: device().productName },
      activatedAt: expect.stringMatching(/Z$/) as string,
      macMasked: `****${device().mac.slice(-4)}`,
    });
    expect(await customer.ok('GET /devices/:deviceId', { params: params() })).toEqual(tied);
    const again = await customer.ok('GET /cards/:cardId', { params: cardParams() });
    expect(again.deviceId).toBe(device().id);
  });

  test('ignores the case of the id', async () => {
    const { id } = await bindDevice(customer, card.id, device().id.toUpperCase());
    expect(id).toBe(device().id);
  });

  test('works for a blocked device, which is reported as disabled', async () => {
    const blocked = devices.find(({ isDisabled }) => isDisabled)!;
    expect(await bindDevice(customer, card.id, blocked.id)).toMatchObject({
      status: 'disabled',
      online: null,
      product: null,
    });
  });

  test('replaces another device, and can be undone', async () => {
    await bindDevice(customer, card.id, device().id);
    await bindDevice(customer, card.id, devices[1]!.id);
    const problem = await customer.problem('GET /devices/:deviceId', { params: params() });
    expect(problem.code).toBe('device.not_found');
    await customer.ok('DELETE /me/cards/:cardId/device', { params: cardParams() });
    const again = await customer.problem('DELETE /me/cards/:cardId/device', {
      params: cardParams(),
    });
    expect(again.code).toBe('device.not_found');
  });

  test.each([
    ['that is unknown', UNKNOWN_DEVICE_ID, 'device.not_found'],
    ['with an invalid id', 'my device', 'request.invalid'],
  ])('is refused for a device %s', async (_case, deviceId, code) => {
    const request = { params: cardParams(), body: { deviceId } };
    expect((await customer.problem('PUT /me/cards/:cardId/device', request)).code).toBe(code);
  });

  test('is possible for cards in the wallet only', async () => {
    const other = await stack.signIn(randomUUID());
    await findCard(other, card.iccid ?? '');
    const request = { params: cardParams(), body: { deviceId: device().id } };
    const problem = await other.problem('PUT /me/cards/:cardId/device', request);
    expect(problem.code).toBe('card.not_found');
  });

  test('is refused if the device is bound to another card', async () => {
    await bindDevice(customer, card.id, device().id);
    const other = await stack.signIn(randomUUID());
    const { id: cardId } = await addCardToWallet(stack, other, 1);
    const request = { params: { cardId }, body: { deviceId: device().id } };
    const problem = await other.problem('PUT /me/cards/:cardId/device', request);
    expect(problem.code).toBe('device.tied_elsewhere');
  });

  test('fails if the platform does not answer', async () => {
    await stack.sandbox.faults({ mxchipDown: true });
    const request = { params: cardParams(), body: { deviceId: device().id } };
    const problem = await customer.problem('PUT /me/cards/:cardId/device', request);
    expect(problem.code).toBe('platform.unavailable');
  });
});

describe('a device is shown', () => {
  test('with its users by role, masked, and their numbers are not stored', async () => {
    await bindDevice(customer, card.id, device().id);
    const { items } = await users(customer);
    const [owner] = (await controls.all())[0]!.users;
    expect(items.map(({ role, label }) => [role, label])).toEqual([
      ['owner', '所有者'],
      ['admin', '管理员'],
      ['member', '成员'],
    ]);
    expect(items[0]?.phoneMasked).toBe(`144****${owner!.phone.slice(-4)}`);
    expect(items[0]?.emailMasked).toMatch(/^u\*{4}@example\.com$/);
    expect(items[2]?.phoneMasked).toBeNull();
    const stored = ['card_devices', 'cards', 'audit'].map((table) =>
      JSON.stringify(stack.rows(`select * from ${table}`)),
    );
    expect(stored.join('')).not.toContain(owner!.phone);
  });

  test('to no other customer: neither by its id, nor with a card they looked up', async () => {
    await bindDevice(customer, card.id, device().id);
    const other = await stack.signIn(randomUUID());
    expect(await findCard(other, card.iccid ?? '')).toMatchObject({
      deviceId: null,
      canTieDevice: false,
    });
    const routes = ['GET /devices/:deviceId', 'GET /devices/:deviceId/users'] as const;
    for (const route of routes) {
      const { code } = await other.problem(route, { params: params() });
      expect(code).toBe('device.not_found');
    }
    const removal = await other.problem('DELETE /devices/:deviceId/binding', releaseRequest(3));
    expect(removal.code).toBe('device.not_found');
  });

  test('no longer after the card was removed from the wallet', async () => {
    await bindDevice(customer, card.id, device().id);
    await customer.ok('DELETE /me/cards/:cardId', { params: cardParams() });
    const problem = await customer.problem('GET /devices/:deviceId', { params: params() });
    expect(problem.code).toBe('device.not_found');
  });

  test('only so often for unknown ids: they cannot be enumerated', async () => {
    const codes: string[] = [];
    for (let count = 0; count < 22; count += 1) {
      const id = { params: { deviceId: randomUUID() } };
      codes.push((await customer.problem('GET /devices/:deviceId', id)).code);
    }
    expect(codes.slice(0, 20)).toEqual(Array(20).fill('device.not_found'));
    expect(codes.slice(20)).toEqual(Array(2).fill('device.lookup_limited'));
  });
});

describe('a proof of possession', () => {
  const typing = (number: string) => ({ params: cardParams(), body: { number } });
  const codeFor = async (number: string) =>
    (await customer.problem('POST /me/cards/:cardId/possession', typing(number))).code;

  test('is the complete card number, in any grouping', async () => {
    const grouped = (card.iccid ?? '').replace(/(.{4})/g, '$1 ');
    await customer.ok('POST /me/cards/:cardId/possession', typing(grouped));
    await bindDevice(customer, card.id, device().id);
    await customer.ok('DELETE /devices/:deviceId/binding', releaseRequest(3));
  });

  test('is not a part of it or another number, and cannot be guessed', async () => {
    const iccid = card.iccid ?? '';
    const guesses = [iccid.slice(-10), iccid.slice(-4), card.accessNumber ?? '', `${iccid}0`];
    for (const guess of guesses) expect(await codeFor(guess)).toBe('card.possession_wrong');
    expect(await codeFor('0'.repeat(20))).toBe('card.possession_wrong');
    expect(await codeFor(iccid)).toBe('card.possession_limited');
  });

  test('is refused for a card that is not in the wallet', async () => {
    await customer.ok('DELETE /me/cards/:cardId', { params: cardParams() });
    expect(await codeFor(card.iccid ?? '')).toBe('card.not_found');
  });
});

describe('releasing a device', () => {
  const refusalFor = async (confirm: number | string) =>
    customer.problem('DELETE /devices/:deviceId/binding', releaseRequest(confirm));

  beforeEach(() => bindDevice(customer, card.id, device().id));

  test('requires a proof of possession', async () => {
    expect((await refusalFor(3)).code).toBe('card.possession_required');
    expect((await users(customer)).items).toHaveLength(3);
  });

  test('removes the confirmed number of users, who are not listed afterwards', async () => {
    await provePossession(customer, card);
    const done = await customer.ok('DELETE /devices/:deviceId/binding', releaseRequest(3));
    expect(done).toEqual({ releasedUsers: 3 });
    expect((await users(customer)).items).toEqual([]);
    const again = await customer.ok('DELETE /devices/:deviceId/binding', releaseRequest(0));
    expect(again).toEqual({ releasedUsers: 0 });
    const kept = 'select holders, outcome, user_id from device_releases where user_id = ?';
    expect(stack.rows(kept, customer.userId)).toEqual([
      { holders: 3, outcome: 'done', user_id: customer.userId },
    ]);
  });

  test('is refused with the current number if it differs from the confirmed one', async () => {
    await provePossession(customer, card);
    await controls.setUserCount(device().id, 4);
    expect(await refusalFor(3)).toMatchObject({ code: 'device.holders_changed', holders: 4 });
    expect((await users(customer)).items).toHaveLength(4);
  });

  test.each(['', '-1', '1.5', 'all'])('is refused for %j users', async (confirm) => {
    const problem = await refusalFor(confirm);
    expect([problem.code, problem.errors?.[0]?.path]).toEqual(['request.invalid', 'query.confirm']);
  });

  test('requires another proof after ten minutes', async () => {
    await provePossession(customer, card);
    await stack.advanceClock(10 * MINUTE);
    expect((await refusalFor(3)).code).toBe('card.possession_required');
  });

  test('succeeds if only the answer was lost', async () => {
    await provePossession(customer, card);
    await stack.sandbox.faults({ mxchipUnbindMute: true });
    const done = await customer.ok('DELETE /devices/:deviceId/binding', releaseRequest(3));
    expect(done).toEqual({ releasedUsers: 3 });
  });

  test('is not requested if the holders cannot be queried', async () => {
    await provePossession(customer, card);
    await stack.sandbox.faults({ mxchipInternal: true });
    expect((await refusalFor(3)).code).toBe('platform.unavailable');
  });
});

describe('staff', () => {
  const lin = () => stack.signInStaff(randomUUID().slice(0, 20));
  const chen = () => stack.signInStaff(randomUUID().slice(0, 20), 'supervisor');
  const audits = () => stack.rows('select action, subject from audit order by id');

  test('bind a device that is bound to another card, and customers cannot change it', async () => {
    const staff = await lin();
    const other = await stack.signIn(randomUUID());
    const { id: otherCard } = await addCardToWallet(stack, other, 1);
    await bindDevice(other, otherCard, device().id);
    const request = { params: cardParams(), body: { deviceId: device().id } };
    await staff.ok('PUT /support/cards/:cardId/device', request);
    expect(audits().at(-1)).toEqual({ action: `device.tie ${device().id}`, subject: card.id });
    const gone = await other.problem('GET /devices/:deviceId', { params: params() });
    expect(gone.code).toBe('device.not_found');
    const change = { params: cardParams(), body: { deviceId: devices[1]!.id } };
    const attempts = [
      await customer.problem('PUT /me/cards/:cardId/device', change),
      await customer.problem('DELETE /me/cards/:cardId/device', { params: cardParams() }),
    ];
    expect(attempts.map(({ code }) => code)).toEqual(Array(2).fill('device.tied_by_shop'));
    await bindDevice(customer, card.id, device().id);
    const { card: shown } = await staff.ok('GET /support/cards/:cardId', { params: cardParams() });
    expect(shown.deviceId).toBe(device().id);
    await staff.ok('DELETE /support/cards/:cardId/device', { params: cardParams() });
    const absent = await staff.problem('DELETE /support/cards/:cardId/device', {
      params: cardParams(),
    });
    expect(absent.code).toBe('device.not_found');
  });

  test('can read a device that is not bound', async () => {
    const staff = await lin();
    const seen = await staff.ok('GET /support/devices/:deviceId', { params: params(4) });
    expect(seen.device).toMatchObject({ id: devices[4]!.id, cardId: null });
    expect(seen.users).toHaveLength(devices[4]!.users.length);
    expect(audits().at(-1)).toEqual({ action: 'device.view', subject: devices[4]!.id });
  });

  test('release a device with a reason; only supervisors can, and it is recorded', async () => {
    const request = { params: params(), body: { confirm: 3, reason: '客户换机' } };
    const agent = await lin();
    const refused = await agent.problem('POST /support/devices/:deviceId/releases', request);
    expect(refused.code).toBe('staff.forbidden');
    const supervisor = await chen();
    const wrong = { ...request, body: { ...request.body, confirm: 2 } };
    const changed = await supervisor.problem('POST /support/devices/:deviceId/releases', wrong);
    expect(changed).toMatchObject({ code: 'device.holders_changed', holders: 3 });
    const done = await supervisor.ok('POST /support/devices/:deviceId/releases', request);
    expect(done).toEqual({ releasedUsers: 3 });
    expect(audits().at(-1)).toEqual({
      action: 'device.release 3: 客户换机',
      subject: device().id,
    });
  });

  test('cannot bind a device to an unknown card', async () => {
    const staff = await lin();
    const request = { params: { cardId: randomUUID() }, body: { deviceId: device().id } };
    const problem = await staff.problem('PUT /support/cards/:cardId/device', request);
    expect(problem.code).toBe('card.not_found');
  });
});

test('the access token is shared by all processes, and provided to other servers', async () => {
  await bindDevice(customer, card.id, device().id);
  const request = { params: { platform: 'mxchip' } };
  const { tokenType } = await stack
    .withToken(INTERNAL_KEY)
    .ok('GET /internal/tokens/:platform', request);
  expect(tokenType).toBe('Bearer');
  expect(stack.rows("select generation from tokens where platform = 'mxchip'")).toHaveLength(1);
});

test('without a device platform every route is refused, and cards show no device', async () => {
  const plain = await startStack({ env: { DEVICES: 'none' } });
  const someone = await plain.signIn(randomUUID());
  const kept = await addCardToWallet(plain, someone, 0);
  expect(kept).toMatchObject({ deviceId: null, canTieDevice: false });
  const at = { cardId: kept.id, deviceId: UNKNOWN_DEVICE_ID };
  const staff = await plain.signInStaff('chen', 'supervisor');
  const codes = [
    await someone.problem('GET /devices/:deviceId', { params: at }),
    await someone.problem('GET /devices/:deviceId/users', { params: at }),
    await someone.problem('DELETE /devices/:deviceId/binding', {
      params: at,
      query: { confirm: 1 },
    }),
    await someone.problem('PUT /me/cards/:cardId/device', {
      params: at,
      body: { deviceId: UNKNOWN_DEVICE_ID },
    }),
    await someone.problem('DELETE /me/cards/:cardId/device', { params: at }),
    await staff.problem('GET /support/devices/:deviceId', { params: at }),
    await staff.problem('POST /support/devices/:deviceId/releases', {
      params: at,
      body: { confirm: 1, reason: '客户换机' },
    }),
  ].map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set(['device.not_configured']));
  await plain.close();
}, 30_000);
