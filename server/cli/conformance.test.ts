import { startSimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import type { SimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import { createWechat } from '../platforms/wechat';
import { runConformance } from './conformance/run';

/** The command against the simulated platforms, with the settings an operator would have. */

let platforms: SimulatedPlatforms;
let environment: Record<string, string>;
beforeAll(async () => {
  platforms = await startSimulatedPlatforms();
  const response = await fetch(`${platforms.setting('DAKASHI_URL')}/sandbox/settings`);
  environment = (await response.json()) as Record<string, string>;
});
afterEach(() => platforms.setFaults({}));
afterAll(() => platforms.close());

interface ConformanceRun {
  code: number;
  out: string;
  err: string;
}

async function run(
  argv: readonly string[],
  { env = {}, typed }: { env?: Record<string, string>; typed?: string } = {},
): Promise<ConformanceRun> {
  let [out, err] = ['', ''];
  const code = await runConformance(argv, {
    environment: { ...environment, ...env },
    out: (text) => (out += text),
    err: (text) => (err += text),
    prompt: typed === undefined ? undefined : () => Promise.resolve(typed),
    clock: Date.now,
    wait: (milliseconds) => platforms.advanceClock(Math.ceil(milliseconds / 1000)),
  });
  return { code, out, err };
}

/** Somebody who has signed in to the mini-program. */
async function openid(): Promise<string> {
  const { setting } = platforms;
  const wechat = createWechat({
    apiUrl: setting('WECHAT_API_URL'),
    appId: setting('WECHAT_APP_ID'),
    appSecret: setting('WECHAT_APP_SECRET'),
    clock: Date.now,
  });
  const result = await wechat.identity.exchangeCode(await platforms.createLoginCode());
  await wechat.close();
  if (result.outcome !== 'done') throw new Error(result.reason);
  return result.openid;
}

function iccid(): string {
  return platforms.cards[0]?.iccid ?? '';
}

test('it only reads, shows no number, and says that all matched', async () => {
  const before = await platforms.payments();
  const { code, out } = await run(['--platform', 'shingsou', '--card', iccid()]);
  expect([code, out]).toEqual([0, out]);
  expect(out).toContain('# 契约检查 (conformance): shingsou');
  expect(out).toContain('`items[].iccid`');
  for (const number of [iccid(), iccid().slice(-10), platforms.cards[0]?.accessNumber ?? '-']) {
    expect(out).not.toContain(number);
  }
  expect(out).not.toMatch(/\d{6}/);
  expect(await platforms.payments()).toEqual(before);
});

test.each(['dakashi', 'wechatpay', 'mxchip'])('%s is compared without a card too', async (name) => {
  const { code, out } = await run(['--platform', name, '--json']);
  const report = JSON.parse(out) as { platform: string; checks: { verdict: string }[] };
  expect([code, report.platform]).toEqual([0, name]);
  expect(report.checks.map(({ verdict }) => verdict)).toContain('matched');
  expect(report.checks.map(({ verdict }) => verdict)).toContain('skipped');
});

test('a platform that answers nonsense fails, and the report says where', async () => {
  await platforms.setFaults({ garbage: true });
  const { code, out } = await run(['--platform', 'shingsou', '--card', iccid()]);
  expect(code).toBe(1);
  expect(out).toContain('shingsou flowcard-detail: HTTP 200 without an envelope');
});

describe('what changes something', () => {
  const write = () => ['--platform', 'dakashi', '--card', '87000001', '--write'];
  const agreed = ['--package', '110200_1024'];

  async function orders(): Promise<number> {
    const response = await fetch(`${platforms.setting('DAKASHI_URL')}/sandbox/dakashi`);
    return ((await response.json()) as { orders: unknown[] }).orders.length;
  }

  test('is not done before what it costs was typed', async () => {
    const unconfirmed = await run([...write(), ...agreed]);
    expect(unconfirmed.code).toBe(2);
    const [cost = ''] = /--agree (\d+\.\d{2})/.exec(unconfirmed.err)?.slice(1) ?? [];
    expect(unconfirmed.err).toContain(`花费 ${cost} 元`);
    expect((await run([...write(), ...agreed], { typed: 'yes' })).code).toBe(2);
    expect((await run([...write(), ...agreed, '--agree', '0.00'])).code).toBe(2);
    expect(await orders()).toBe(0);
    const done = await run([...write(), ...agreed], { typed: cost });
    expect([done.code, done.out]).toEqual([0, done.out]);
    expect(done.out).toContain('delivery: proven by the snapshot alone');
    expect(await orders()).toBe(1);
  });

  test('makes and closes an order at WeChat Pay that nobody pays', async () => {
    const argv = ['--platform', 'wechatpay', '--write', '--openid', await openid()];
    const refused = await run([...argv, '--agree', '1.00']);
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain('0.01 元的支付单');
    const { code, out } = await run([...argv, '--agree', '0.00']);
    expect([code, out]).toEqual([0, out]);
    expect(out).toContain('queryPayment: closed');
    expect(await platforms.payments()).toEqual([]);
  });

  test('takes a device away only by the number of people who lose it', async () => {
    const response = await fetch(`${platforms.setting('MXCHIP_URL')}/sandbox/devices`);
    const { items } = (await response.json()) as { items: { id: string; users: unknown[] }[] };
    const device = items.find(({ users }) => users.length === 6);
    const argv = ['--platform', 'mxchip', '--device', device?.id ?? '', '--write'];
    expect((await run([...argv, '--agree', '5'])).code).toBe(2);
    const { code, out } = await run([...argv, '--agree', '6']);
    expect([code, out]).toEqual([0, out]);
    expect(out).not.toContain(device?.id);
  });
});

describe('nothing is sent', () => {
  test.each([
    ['without a platform', []],
    ['to an unknown platform', ['--platform', 'nobody']],
    ['for an unknown option', ['--platform', 'dakashi', '--force']],
    ['for a text that is no card number', ['--platform', 'dakashi', '--card', 'no card']],
  ])('%s', async (_what, argv) => {
    const { code, out } = await run(argv);
    expect([code, out]).toEqual([2, '']);
  });

  test('for a typing slip, which is answered with the nearest name', async () => {
    expect((await run(['--platfrom', 'dakashi'])).err).toContain('Did you mean --platform?');
    expect((await run(['--platform', 'dakshi'])).err).toContain('Did you mean dakashi?');
  });

  test('with settings that are missing, which are named', async () => {
    const { code, err } = await run(['--platform', 'mxchip'], { env: { MXCHIP_URL: '' } });
    expect(code).toBe(2);
    expect(err).toContain('MXCHIP_URL is missing');
  });

  test('for help, which is no mistake', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain('shingsou | dakashi | wechatpay | mxchip');
  });
});
