import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const detail = async () => {
  const [card] = await sandbox.cards();
  return sandbox.get('/cards/FlowCard/Detail', { cardNo: card?.iccid ?? '' });
};

test('a token is issued for a multipart form as in the access document', async () => {
  const { status, body } = await sandbox.requestToken();
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^[\w-]{40,}$/) as string,
    expires_in: 7200,
    token_type: 'Bearer',
  });
});

test('a url-encoded form with the usual spelling client_id is accepted, too', async () => {
  const { settings, url } = sandbox;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings.SHINGSOU_CLIENT_ID ?? '',
    client_secret: settings.SHINGSOU_CLIENT_SECRET ?? '',
  });
  const response = await fetch(`${url}/connect/token`, { method: 'POST', body: form });
  expect(response.status).toBe(200);
});

test.each([
  ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
  ['an unknown client', { client_Id: 'somebody' }, 'invalid_client'],
  ['a wrong secret', { client_secret: 'guess' }, 'invalid_client'],
  ['a scope that does not exist', { scope: 'iot.cardservice.all everything' }, 'invalid_scope'],
])('%s is refused as in RFC 6749', async (_case, changes, error) => {
  expect(await sandbox.requestToken(changes)).toMatchObject({ status: 400, body: { error } });
});

test.each([
  ['JSON', '{"grant_type":"client_credentials"}', 'application/json'],
  ['nothing', '', 'application/x-www-form-urlencoded'],
  ['a multipart body that is cut off', '--x\r\nContent-Disp', 'multipart/form-data; boundary=x'],
  ['a multipart body without a boundary', 'x', 'multipart/form-data'],
])('%s is an invalid request', async (_case, body, type) => {
  const init = { method: 'POST', headers: { 'content-type': type }, body };
  expect(await sandbox.call('/connect/token', init)).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
});

test('a new token revokes the one before', async () => {
  expect((await detail()).status).toBe(200);
  await sandbox.requestToken();
  expect((await detail()).status).toBe(401);
  await sandbox.authorise();
  expect((await detail()).status).toBe(200);
});

test('requests and issued tokens are counted', async () => {
  const before = await sandbox.call('/sandbox/tokens');
  expect(before.body).toEqual({ items: [{ platform: 'shingsou', asked: 1, issued: 1 }] });
  await sandbox.requestToken({ client_secret: 'guess' });
  await sandbox.requestToken();
  const { body } = await sandbox.call('/sandbox/tokens');
  expect(body).toEqual({ items: [{ platform: 'shingsou', asked: 3, issued: 2 }] });
});

test('a token expires after its lifetime', async () => {
  await sandbox.advanceClock(7190);
  expect((await detail()).status).toBe(200);
  await sandbox.advanceClock(11);
  expect((await detail()).status).toBe(401);
});
