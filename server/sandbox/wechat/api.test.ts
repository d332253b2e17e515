import { startSandbox, type TestResponse, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const account = () => ({
  appid: sandbox.settings.WECHAT_APP_ID ?? '',
  secret: sandbox.settings.WECHAT_APP_SECRET ?? '',
});

async function code(user = 'lin'): Promise<string> {
  const { body } = await sandbox.control('POST', 'wechat/login', { user });
  return (body as { code: string }).code;
}

async function login(js_code: string, changes: object = {}): Promise<Record<string, unknown>> {
  const query = { ...account(), js_code, grant_type: 'authorization_code', ...changes };
  const path = `/sns/jscode2session?${String(new URLSearchParams(query))}`;
  const { status, body } = await sandbox.call(path);
  expect(status).toBe(200);
  return JSON.parse(String(body)) as Record<string, unknown>;
}

describe('jscode2session', () => {
  test('exchanges a code for a session once, without an errcode', async () => {
    const loginCode = await code();
    expect(await login(loginCode)).toEqual({
      openid: expect.stringMatching(/^o[\w-]{27}$/) as string,
      session_key: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/) as string,
      unionid: expect.stringMatching(/^u[0-9a-f]{27}$/) as string,
    });
    expect(await login(loginCode)).toMatchObject({ errcode: 40029 });
  });

  test('and 旭宇’s login give one user the same openid; a code is valid for one of them', async () => {
    const { openid } = await login(await code());
    const other = await code();
    const session = { code: other };
    const gateway = sandbox.get('/payment/v2/WechatPay/Code2Session', session);
    expect(await sandbox.data(gateway)).toMatchObject({ openid });
    expect(await login(other)).toMatchObject({ errcode: 40029 });
  });

  test('refuses a code after five minutes', async () => {
    const loginCode = await code();
    await sandbox.advanceClock(301);
    expect(await login(loginCode)).toMatchObject({ errcode: 40029 });
  });

  test.each([
    ['a made-up code', { js_code: 'made-up' }, 40029],
    ['no code', { js_code: '' }, 41008],
    ['no mini-program', { appid: '' }, 41002],
    ['another mini-program', { appid: 'wx0000000000000000' }, 40013],
    ['no secret', { secret: '' }, 41004],
    ['a wrong secret', { secret: 'guess' }, 40125],
    ['another grant', { grant_type: 'client_credential' }, 40002],
  ])('refuses %s', async (_case, changes, errcode) => {
    const loginCode = await code();
    expect(await login(loginCode, changes)).toMatchObject({
      errcode,
      errmsg: expect.stringMatching(/./) as string,
    });
    // The refusals have not used the code up.
    expect(await login(loginCode)).toHaveProperty('openid');
  });

  test('blocks a user at risk, and uses the code up', async () => {
    const loginCode = await code();
    await sandbox.setFaults({ loginBlocked: true });
    expect(await login(loginCode)).toMatchObject({ errcode: 40226 });
    await sandbox.setFaults({});
    expect(await login(loginCode)).toMatchObject({ errcode: 40029 });
  });

  test('does not use a code up while it is busy', async () => {
    const loginCode = await code();
    await sandbox.setFaults({ wechatBusy: true });
    expect(await login(loginCode)).toMatchObject({ errcode: -1 });
    await sandbox.setFaults({});
    expect(await login(loginCode)).toHaveProperty('openid');
  });

  test('limits a user to a hundred logins a minute, without affecting others', async () => {
    for (let count = 0; count < 100; count += 1) {
      expect(await login(await code())).toHaveProperty('openid');
    }
    expect(await login(await code())).toMatchObject({ errcode: 45011 });
    expect(await login(await code('zhou'))).toHaveProperty('openid');
    await sandbox.advanceClock(60);
    expect(await login(await code())).toHaveProperty('openid');
  });
});

describe('stable_token', () => {
  const requestToken = (changes: object = {}): Promise<TestResponse> =>
    sandbox.post('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      ...account(),
      ...changes,
    });
  async function token(changes: object = {}) {
    const { body } = await requestToken(changes);
    return body as { access_token: string; expires_in: number };
  }

  test('returns the same token while it is valid, with the remaining time', async () => {
    const first = await token();
    expect(first).toEqual({
      access_token: expect.stringMatching(/^[\w-]{100,512}$/) as string,
      expires_in: 7200,
    });
    await sandbox.advanceClock(1000);
    const second = await token();
    expect(second.access_token).toBe(first.access_token);
    expect(second.expires_in).toBeGreaterThan(6190);
    expect(second.expires_in).toBeLessThanOrEqual(6200);
  });

  test('renews it five minutes early', async () => {
    const first = await token();
    await sandbox.advanceClock(6880);
    expect((await token()).access_token).toBe(first.access_token);
    await sandbox.advanceClock(30);
    const renewed = await token();
    expect(renewed.access_token).not.toBe(first.access_token);
    expect(renewed.expires_in).toBe(7200);
  });

  test('can be forced to renew it, thirty seconds apart and twenty times a day', async () => {
    const force = { force_refresh: true };
    const first = await token(force);
    expect((await requestToken(force)).body).toMatchObject({ errcode: 45011 });
    expect(await token()).toMatchObject({ access_token: first.access_token });
    for (let count = 1; count < 20; count += 1) {
      await sandbox.advanceClock(31);
      expect(await token(force)).toHaveProperty('access_token');
    }
    await sandbox.advanceClock(31);
    expect((await requestToken(force)).body).toMatchObject({ errcode: 45009 });
    await sandbox.advanceClock(24 * 3600);
    expect(await token(force)).toHaveProperty('access_token');
  });

  test.each([
    ['another mini-program', { appid: 'wx0000000000000000' }, 40013],
    ['a wrong secret', { secret: 'guess' }, 40125],
    ['another grant', { grant_type: 'authorization_code' }, 40002],
    ['no mini-program', { appid: undefined }, 41002],
  ])('refuses %s', async (_case, changes, errcode) => {
    expect(await requestToken(changes)).toMatchObject({ status: 200, body: { errcode } });
  });

  test('answers that it is busy', async () => {
    await sandbox.setFaults({ wechatBusy: true });
    expect((await requestToken()).body).toMatchObject({ errcode: -1 });
  });

  test.each(['{"appid":', '[1]', ''])('refuses %j as a body', async (body) => {
    const answer = await sandbox.post('/cgi-bin/stable_token', body);
    expect(answer).toMatchObject({ status: 200, body: { errcode: expect.any(Number) as number } });
  });
});
