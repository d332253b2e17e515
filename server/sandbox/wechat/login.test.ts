import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

interface Session {
  openid: string;
  session_key: string;
  unionid: string;
}

async function code(user?: string): Promise<string> {
  const { body } = await sandbox.control(
    'POST',
    'wechat/login',
    user === undefined ? {} : { user },
  );
  return (body as { code: string }).code;
}

const exchange = (loginCode: string) =>
  sandbox.get('/payment/v2/WechatPay/Code2Session', { code: loginCode });

test('a code is exchanged for a session once', async () => {
  const loginCode = await code();
  expect(await sandbox.data<Session>(exchange(loginCode))).toEqual({
    openid: expect.stringMatching(/^o[\w-]{27}$/) as string,
    session_key: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/) as string,
    unionid: expect.stringMatching(/^u[0-9a-f]{27}$/) as string,
  });
  expect(await sandbox.errorOf(exchange(loginCode))).toEqual([422, 'INVALID_CODE']);
});

test('a user has one openid, different from that of others', async () => {
  const openidOf = async (user: string) =>
    (await sandbox.data<Session>(exchange(await code(user)))).openid;
  const first = await openidOf('lin');
  expect(await openidOf('lin')).toBe(first);
  expect(await openidOf('zhou')).not.toBe(first);
});

test('a code is valid for five minutes', async () => {
  const [early, late] = [await code(), await code()];
  await sandbox.advanceClock(299);
  expect((await exchange(early)).status).toBe(200);
  await sandbox.advanceClock(2);
  expect(await sandbox.errorOf(exchange(late))).toEqual([422, 'INVALID_CODE']);
});

test('a made-up code is refused', async () => {
  expect(await sandbox.errorOf(exchange('made-up'))).toEqual([422, 'INVALID_CODE']);
});

test('the login call needs no body', async () => {
  const answer = await sandbox.call('/sandbox/wechat/login', { method: 'POST' });
  expect(answer).toMatchObject({ status: 200, body: { code: expect.any(String) as string } });
});
