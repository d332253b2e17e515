import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from './doctor/finding';
import { sendJson, startTestServer } from '../platforms/testing/http-server';
import { startSimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import type { SimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import { migrate } from '../store/migrate';
import { openForTool } from '../store/open-store';
import { runDoctor } from './doctor/run';

/** The doctor against the simulated platforms, well and in every way ill. */

let platforms: SimulatedPlatforms;
let environment: Record<string, string>;
let folder: string;
beforeAll(async () => {
  platforms = await startSimulatedPlatforms();
  const response = await fetch(`${platforms.setting('DAKASHI_URL')}/sandbox/settings`);
  folder = mkdtempSync(join(tmpdir(), 'liuka-doctor-'));
  environment = {
    ...((await response.json()) as Record<string, string>),
    CARDS: 'shingsou,dakashi',
    PAYMENT: 'wechatpay',
    LOGIN: 'wechat',
    PUBLIC_URL: 'https://localhost',
    DATABASE_URL: `sqlite:${join(folder, 'liuka.db')}`,
  };
});
afterEach(() => platforms.setFaults({}));
afterAll(async () => {
  await platforms.close();
  rmSync(folder, { recursive: true, force: true });
});

interface DoctorRun {
  code: number;
  out: string;
  /** What is to be mended: subject and check. */
  ill: string[];
  findings: Finding[];
}

async function run(
  env: Record<string, string>,
  argv: string[],
  clock = Date.now,
): Promise<{ code: number; out: string }> {
  let out = '';
  const write = (text: string) => (out += text);
  const all = { ...environment, ...env };
  const json = argv.includes('--json');
  const code = await runDoctor({ json, environment: all, out: write, clock });
  return { code, out };
}

async function runPlatformChecks(
  env: Record<string, string> = {},
  clock = Date.now,
): Promise<DoctorRun> {
  const { code, out } = await run(env, ['--json'], clock);
  const findings = JSON.parse(out) as Finding[];
  const ill = findings.filter(({ state }) => state === 'bad');
  return { code, out, findings, ill: ill.map(({ subject, check }) => `${subject} ${check}`) };
}

test('where all is well it says so, a line for each thing, and shows no secret', async () => {
  const { code, out } = await run({}, []);
  expect([code, out]).toEqual([0, out]);
  for (const line of [
    ...['✓ 旭宇 可达', '✓ 旭宇 凭据', '✓ 旭宇 订阅密钥', '✓ 旭宇 权限', '✓ 大卡师 IP 白名单'],
    ...['✓ 大卡师 余额：¥5000.00', '✓ 庆科 凭据', '✓ 微信 IP 白名单', '✓ 微信支付 凭据'],
    ...['– 数据库 可达', '✓ 公网地址 https', '一切正常。'],
  ]) {
    expect(out).toContain(line);
  }
  const secrets = Object.entries(environment).filter(([name]) => /SECRET|KEY|CLIENT/.test(name));
  for (const [, secret] of secrets) expect(out).not.toContain(secret);
});

test('it speaks English where the terminal does', async () => {
  const { out } = await run({ LANG: 'en_US.UTF-8' }, []);
  expect(out).toContain('✓ Shingsou subscription key');
  expect(out).toContain('All is well.');
});

test('a token server that reads another form is named with the setting', async () => {
  await platforms.setFaults({ tokenServerStandard: true });
  const first = await runPlatformChecks();
  expect(first.ill).toEqual(['shingsou tokenForm']);
  expect(first.out).toContain('SHINGSOU_TOKEN_FORM=urlencoded');
  expect((await runPlatformChecks({ SHINGSOU_TOKEN_FORM: 'urlencoded' })).ill).toEqual([]);
});

test('it makes no store where there is none', () => {
  expect(existsSync(join(folder, 'liuka.db'))).toBe(false);
});

const SHINGSOU_ONLY = { CARDS: 'shingsou', PAYMENT: 'shingsou', LOGIN: 'shingsou' };
const { privateKey: otherKey, publicKey: otherPublicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

test.each<[string, Record<string, string>, string[]]>([
  ['a wrong secret of 旭宇', { SHINGSOU_CLIENT_SECRET: 'wrong-secret' }, ['shingsou credentials']],
  [
    'a wrong subscription key, though the gateway answers as for a wrong token',
    { SHINGSOU_SUBSCRIPTION_KEY: 'wrong-key-0001' },
    ['shingsou subscriptionKey'],
  ],
  [
    'a scope that the token server does not know',
    { SHINGSOU_SCOPE: 'iot.nothing' },
    ['shingsou scopes'],
  ],
  [
    'a scope that leaves out what is paid with',
    { ...SHINGSOU_ONLY, SHINGSOU_SCOPE: 'iot.cardservice.all' },
    ['shingsou scopes'],
  ],
  [
    'a scope that leaves out the cards',
    { SHINGSOU_SCOPE: 'iot.paymentservice.all' },
    ['shingsou scopes', 'shingsou scopes'],
  ],
  ['a wrong secret of 大卡师', { DAKASHI_CLIENT_SECRET: 'wrong-secret' }, ['dakashi credentials']],
  ['a wrong secret of 庆科', { MXCHIP_CLIENT_SECRET: 'wrong-secret' }, ['mxchip credentials']],
  [
    'a wrong secret of the mini-program',
    { WECHAT_APP_SECRET: 'wrong-secret' },
    ['wechat credentials'],
  ],
  ['a key of another merchant', { WECHATPAY_PRIVATE_KEY: otherKey }, ['wechatpay credentials']],
  ['a host that is not there', { MXCHIP_URL: 'http://127.0.0.1:9' }, ['mxchip reachable']],
  ['a public address without TLS', { PUBLIC_URL: 'http://localhost' }, ['publicUrl secure']],
  ['a name that does not resolve', { PUBLIC_URL: 'https://shop.invalid' }, ['publicUrl resolves']],
])('it finds %s', async (_what, env, ill) => {
  const doctorRun = await runPlatformChecks(env);
  expect([doctorRun.code, doctorRun.ill]).toEqual([1, ill]);
  const values = Object.entries(env).filter(([name]) => /SECRET|KEY/.test(name));
  for (const [, secret] of values) expect(doctorRun.out).not.toContain(secret);
});

test('it names the permissions that are lacking', async () => {
  const { findings } = await runPlatformChecks({
    ...SHINGSOU_ONLY,
    SHINGSOU_SCOPE: 'iot.cardservice.all',
  });
  const { detail } = findings.find(({ check }) => check === 'scopes') ?? {};
  expect(detail?.split(' ')).toEqual([
    ...['iot.paymentservice.order.get', 'iot.paymentservice.all'],
    ...['iot.payment.wechatpay.appletpay', 'iot.payment.wechatpay.query'],
    ...['iot.payment.wechatpay.close', 'iot.payment.wechatpay.refund'],
    ...['iot.payment.wechatpay.refundquery', 'iot.payment.wechatpay.billdownload'],
  ]);
});

test.each([
  [55001, 'dakashi credentials'],
  [55002, 'dakashi credentials'],
  [55003, 'dakashi allowList'],
  [55004, 'dakashi credentials'],
  [55006, 'dakashi clock'],
])('it knows what 大卡师 means by %i', async (code, ill) => {
  await platforms.setFaults({ dakashiRefuses: code });
  expect((await runPlatformChecks()).ill).toEqual([ill]);
});

test('it takes no credentials for wrong while a platform says nothing of them', async () => {
  await platforms.setFaults({ dakashiGarbage: true, garbage: true });
  const { ill, findings } = await runPlatformChecks();
  expect(ill).toEqual([]);
  const unclear = findings.filter(({ state, detail }) => state === 'none' && detail !== undefined);
  expect(unclear.map(({ subject, check }) => `${subject} ${check}`)).toEqual([
    ...['shingsou subscriptionKey', 'dakashi credentials', 'store reachable'],
  ]);
});

test('it finds an account with nothing left', async () => {
  const url = `${platforms.setting('DAKASHI_URL')}/sandbox/dakashi/balance`;
  const put = (balanceFen: number) =>
    fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ balanceFen }),
    });
  await put(0);
  expect((await runPlatformChecks()).ill).toEqual(['dakashi balance']);
  await put(500_000);
});

test('it finds a machine that WeChat has not on its list', async () => {
  const wechat = await startTestServer((_request, response) =>
    sendJson(response, 200, { errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist' }),
  );
  const { ill, out } = await runPlatformChecks({ WECHAT_API_URL: wechat.url });
  await wechat.close();
  expect(ill).toEqual(['wechat allowList']);
  expect(out).not.toContain('203.0.113.7');
});

describe('of WeChat Pay', () => {
  const credentialsOf = ({ findings }: DoctorRun) =>
    findings.find(({ subject, check }) => subject === 'wechatpay' && check === 'credentials');

  test.each<[string, Record<string, string>]>([
    ['a key of another merchant', { WECHATPAY_PRIVATE_KEY: otherKey }],
    ['a serial number of another certificate', { WECHATPAY_SERIAL: '5'.repeat(40) }],
    ['another merchant id', { WECHATPAY_MCH_ID: '1600000000' }],
  ])('it says what to do about %s, and that the answer is unverified', async (_what, env) => {
    const { code, findings, ill, out } = await runPlatformChecks(env);
    expect([code, ill]).toEqual([1, ['wechatpay credentials']]);
    const finding = credentialsOf({ code, findings, ill, out });
    expect(finding?.detail).toBe(
      'wechatpay query: HTTP 401 SIGN_ERROR (unverified: the answer is not signed)',
    );
    expect(finding?.advice?.['zh-CN']).toMatch(
      /WECHATPAY_SERIAL 与 WECHATPAY_PRIVATE_KEY.*未经验签/,
    );
    expect(finding?.advice?.en).toMatch(/WECHATPAY_SERIAL and WECHATPAY_PRIVATE_KEY.*unverified/);
    for (const value of Object.values(env)) expect(out).not.toContain(value);
  });

  const page = '<html>502 Bad Gateway</html>';
  const errorOf = (code: string) => JSON.stringify({ code, message: '商户号 1900000001' });

  test.each<[number, string, Finding['state'], string, RegExp]>([
    [401, errorOf('SIGN_ERROR'), 'bad', 'HTTP 401 SIGN_ERROR', /WECHATPAY_SERIAL.*unverified/],
    [400, errorOf('PARAM_ERROR'), 'bad', 'HTTP 400 PARAM_ERROR', /WECHATPAY_MCH_ID.*unverified/],
    [400, errorOf('MCH_NOT_EXISTS'), 'bad', 'HTTP 400 MCH_NOT_EXISTS', /MCH_ID.*unverified/],
    [
      400,
      errorOf('APPID_MCHID_NOT_MATCH'),
      'bad',
      'HTTP 400 APPID_MCHID_NOT_MATCH',
      /link WECHAT_APP_ID.*unverified/,
    ],
    [403, errorOf('NO_AUTH'), 'bad', 'HTTP 403 NO_AUTH', /enable JSAPI payments.*unverified/],
    // The request was accepted, so the code says nothing about credentials.
    [404, errorOf('ORDER_NOT_EXIST'), 'bad', 'HTTP 404 ORDER_NOT_EXIST', /a proxy.*unverified/],
    [403, page, 'bad', 'HTTP 403', /a proxy removes.*unverified/],
    [200, '{"trade_state":"SUCCESS"}', 'bad', 'HTTP 200', /a proxy removes.*unverified/],
    [429, errorOf('FREQUENCY_LIMITED'), 'none', 'HTTP 429 FREQUENCY_LIMITED', /try again later/],
    [500, errorOf('SYSTEM_ERROR'), 'none', 'HTTP 500 SYSTEM_ERROR', /try again later/],
    [502, page, 'none', 'HTTP 502', /try again later/],
  ])('it explains an unsigned answer HTTP %i %s', async (status, body, state, problem, advice) => {
    const server = await startTestServer((_request, response) => {
      response.writeHead(status).end(body);
    });
    const doctorRun = await runPlatformChecks({ WECHATPAY_URL: server.url });
    await server.close();
    expect(credentialsOf(doctorRun)).toMatchObject({
      state,
      detail: `wechatpay query: ${problem} (unverified: the answer is not signed)`,
      advice: { en: expect.stringMatching(advice) as string },
    });
    expect(doctorRun.out).not.toContain('1900000001');
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a public key that is not WeChat Pay’s',
      { WECHATPAY_PUBLIC_KEY: otherPublicKey },
      /WECHATPAY_PUBLIC_KEY belongs to.*unverified/,
    ],
    [
      'a wrong id of the public key',
      { WECHATPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_9' },
      /check WECHATPAY_PUBLIC_KEY_ID.*unverified/,
    ],
  ])('it finds %s', async (_what, env, advice) => {
    const doctorRun = await runPlatformChecks(env);
    expect([doctorRun.code, doctorRun.ill]).toEqual([1, ['wechatpay credentials']]);
    const finding = credentialsOf(doctorRun);
    expect(finding?.detail).toMatch(/HTTP 404 ORDER_NOT_EXIST \(unverified: the answer /);
    expect(finding?.advice?.en).toMatch(advice);
  });

  test('it finds a merchant without platform certificates', async () => {
    const unknownSignature = () => ({
      'wechatpay-timestamp': String(Math.floor(Date.now() / 1000)),
      'wechatpay-nonce': 'nonce',
      'wechatpay-serial': '3F6A0D4C1B',
      'wechatpay-signature': 'c2lnbmF0dXJl',
    });
    const server = await startTestServer(({ path }, response) => {
      const code = path === '/v3/certificates' ? 'RESOURCE_NOT_EXISTS' : 'ORDER_NOT_EXIST';
      response.writeHead(404, unknownSignature()).end(errorOf(code));
    });
    const doctorRun = await runPlatformChecks({
      WECHATPAY_URL: server.url,
      WECHATPAY_PUBLIC_KEY: '',
      WECHATPAY_PUBLIC_KEY_ID: '',
    });
    await server.close();
    expect(credentialsOf(doctorRun)).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('certificates: HTTP 404 RESOURCE_NOT_EXISTS') as string,
      advice: { en: expect.stringMatching(/set WECHATPAY_PUBLIC_KEY and/) as string },
    });
  });
});

test('it finds a clock that is ten minutes fast', async () => {
  const { ill, findings } = await runPlatformChecks({}, () => Date.now() + 600_000);
  expect(ill).toContain('shingsou clock');
  expect(ill).toContain('wechatpay clock');
  expect(findings.find(({ check }) => check === 'clock')?.detail).toMatch(/^\+(?:599|600|601) s$/);
});

test('settings that cannot be read are named, without their values', async () => {
  const { code, ill, out } = await runPlatformChecks({
    PORT: 'secret-port',
    DAKASHI_CLIENT_ID: '',
  });
  expect([code, ill]).toEqual([1, ['settings readable', 'settings readable']]);
  expect(out).toContain('DAKASHI_CLIENT_ID is missing');
  expect(out).not.toContain('secret-port');
});

describe('of the store it finds', () => {
  const path = () => join(folder, 'there.db');
  const storeOf = async (env: Record<string, string>) =>
    (await runPlatformChecks(env)).findings
      .filter(({ subject }) => subject === 'store')
      .map(({ check, state }) => `${check} ${state}`);

  test('that it was never migrated, and then that it was', async () => {
    const DATABASE_URL = `sqlite:${path()}`;
    const { store, close } = openForTool(DATABASE_URL);
    expect(await storeOf({ DATABASE_URL })).toEqual(['reachable ok', 'durable ok', 'schema bad']);
    await migrate(store);
    await close();
    expect(await storeOf({ DATABASE_URL })).toEqual(['reachable ok', 'durable ok', 'schema ok']);
  });

  test('that it may lose orders, unless that is meant', async () => {
    const DATABASE_URL = `sqlite:${path()}?synchronous=normal`;
    expect(await storeOf({ DATABASE_URL })).toContain('durable bad');
    const UNSAFE_STORE = 'paid orders may be lost';
    expect(await storeOf({ DATABASE_URL, UNSAFE_STORE })).toContain('durable none');
  });

  test('that it cannot be opened, and shows no password', async () => {
    const DATABASE_URL = 'postgres://liuka:hidden-password@127.0.0.1:9/liuka';
    const { ill, out } = await runPlatformChecks({ DATABASE_URL });
    expect(ill).toEqual(['store reachable']);
    expect(out).not.toContain('hidden-password');
  });
});
