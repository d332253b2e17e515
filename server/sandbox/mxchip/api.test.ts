import { startSandbox, type TestSandbox } from '../testing/start-sandbox';
import type { Device } from './state';

let sandbox: TestSandbox;
let token: string;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function requestToken(change: Record<string, string> = {}) {
  const { MXCHIP_CLIENT_ID: id = '', MXCHIP_CLIENT_SECRET: key = '' } = sandbox.settings;
  const fields = { grant_type: 'client_credentials', client_id: id, client_secret: key, ...change };
  const body = new URLSearchParams(fields).toString();
  return sandbox.call('/outer/token/', { method: 'POST', headers: FORM, body });
}

beforeAll(async () => {
  sandbox = await startSandbox();
  const { body } = await requestToken();
  token = (body as { data: { access_token: string } }).data.access_token;
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.setFaults({}));

const devices = async () =>
  ((await sandbox.call('/sandbox/devices')).body as { items: Device[] }).items;
const authorised = () => ({ authorization: `Bearer ${token}` });
const get = (path: string) => sandbox.call(path, { headers: authorised() });
const info = (id: string) => get(`/outer/device/info/?deviceid=${id}`);
const unbind = (body: string) =>
  sandbox.call('/outer/device/unbind/', {
    method: 'PUT',
    headers: { ...authorised(), ...FORM },
    body,
  });

describe('a token', () => {
  test('is issued for ten hours, in the form of the document', async () => {
    expect((await requestToken()).body).toEqual({
      meta: { message: 'token info', code: 0 },
      data: {
        access_token: expect.stringMatching(/^\S{20,}$/) as string,
        token_type: 'Bearer',
        expires_in: 36_000,
        scope: 'read write groups',
      },
    });
  });

  test.each([
    ['another secret', { client_secret: 'x' }, { non_field_errors: expect.any(Array) as string[] }],
    ['another grant', { grant_type: 'password' }, { grant_type: expect.any(Array) as string[] }],
  ])('is not issued for %s, and the message is an object', async (_case, change, message) => {
    const { status, body } = await requestToken(change);
    expect([status, body]).toEqual([400, { meta: { message, code: 23010 }, data: {} }]);
  });

  test.each(['', 'Bearer wrong', 'Basic eDp5'])('is required: %j is refused', async (value) => {
    const headers = { authorization: value };
    expect((await sandbox.call('/outer/device/info/?deviceid=x', { headers })).status).toBe(401);
  });
});

test.each([
  ['GET', '/outer/device/info?deviceid=1', '/outer/device/info/?deviceid=1'],
  ['PUT', '/outer/device/unbind', '/outer/device/unbind/'],
  ['POST', '/outer/token', '/outer/token/'],
])('%s without the slash is redirected to the path with it', async (method, path, location) => {
  const answer = await fetch(`${sandbox.url}${path}`, { method, redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([301, location]);
});

test('a device has the form of the document', async () => {
  const [device] = await devices();
  expect((await info(device!.id)).body).toEqual({
    meta: { message: 'Device info', code: 0 },
    data: {
      mac: device!.mac,
      online: true,
      pname: '智能插座',
      productid: device!.productId,
      createtime: expect.stringMatching(/^2026-04-02T\d\d:\d\d:\d\d\.\d{3}$/) as string,
    },
  });
});

test.each([
  ['no device', '', 23010],
  ['an unknown device', 'e22cfa2e-9752-11e6-9baf-00163e120d98', 23030],
])('%s is refused', async (_case, id, code) => {
  expect((await info(id)).body).toMatchObject({ meta: { code } });
});

test('a blocked device is refused as such', async () => {
  const { id } = (await devices()).find(({ isDisabled }) => isDisabled)!;
  expect((await info(id)).body).toMatchObject({ meta: { code: 23031 } });
});

test('unbinding removes all users of a device and answers its id', async () => {
  const { id, users } = (await devices())[4]!;
  const held = await get(`/outer/device/endusers/?deviceid=${id}`);
  expect((held.body as { data: unknown[] }).data).toHaveLength(users.length);
  expect((await unbind(`deviceid=${id}`)).body).toMatchObject({ data: { deviceid: id } });
  const after = await get(`/outer/device/endusers/?deviceid=${id}`);
  expect(after.body).toMatchObject({ meta: { code: 0 }, data: [] });
});

test('a body that is not a form is a missing device id', async () => {
  expect((await unbind('')).body).toMatchObject({ meta: { code: 23010 } });
});

test('faults apply to every call', async () => {
  const [device] = await devices();
  await sandbox.setFaults({ mxchipDown: true });
  expect([(await info(device!.id)).status, (await requestToken()).status]).toEqual([503, 503]);
  await sandbox.setFaults({ mxchipGarbage: true });
  expect((await info(device!.id)).body).toContain('<html>');
  await sandbox.setFaults({ mxchipInternal: true });
  expect((await info(device!.id)).body).toMatchObject({ meta: { code: 23090 } });
});

test('a control route changes devices within the schema', async () => {
  const { id } = (await devices())[3]!;
  const { body } = await sandbox.control('PUT', `devices/${id}`, { users: 2, online: false });
  expect(body).toMatchObject({ id, online: false, users: [{ role: 1 }, { role: 2 }] });
  expect((await sandbox.control('PUT', `devices/${id}`, { users: -1 })).status).toBe(400);
  expect((await sandbox.control('PUT', 'devices/none', { users: 1 })).status).toBe(404);
});
