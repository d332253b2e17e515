import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import type { SimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import { runScript } from '../testing/run-script';

const names = [
  'SHINGSOU_IDS_URL',
  'SHINGSOU_API_URL',
  'SHINGSOU_CLIENT_ID',
  'SHINGSOU_CLIENT_SECRET',
  'SHINGSOU_SUBSCRIPTION_KEY',
] as const;

let platforms: SimulatedPlatforms;
let folder: string;
beforeAll(async () => {
  platforms = await startSimulatedPlatforms();
  folder = mkdtempSync(join(tmpdir(), 'liuka-cli-'));
});
afterAll(async () => {
  await platforms.close();
  rmSync(folder, { recursive: true, force: true });
});

function shingsou(args: string[], changes: Readonly<Record<string, string>> = {}) {
  const settings = Object.fromEntries(names.map((name) => [name, platforms.setting(name)]));
  return runScript('server/cli/shingsou.ts', args, { env: { ...settings, ...changes } });
}

const cardNo = () => platforms.cards[0]!.iccid;

it('lists all 71 operations without any setting', async () => {
  const { code, stdout } = await runScript('server/cli/shingsou.ts', ['--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Operations \(71;/);
  expect(stdout).toMatch(/flowcard-detail +流量卡 - 详情/);
});

it('asks the platform, and prints the bare answer', async () => {
  const { code, stdout, stderr } = await shingsou([
    'flowcard-status',
    '--card-no',
    cardNo(),
    '--json',
  ]);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({ status: '1', networkState: null });
});

it('reads a secret from a file, uploads a certificate, and shows neither', async () => {
  const apiKey = '0123456789abcdef0123456789abcdef';
  const [keyFile, certificate] = [join(folder, 'key.txt'), join(folder, 'cert.p12')];
  writeFileSync(keyFile, `${apiKey}\n`);
  writeFileSync(certificate, 'p12');
  const account = ['--appId', 'wx0123456789abcdef', '--mchId', '1900000001'];
  const merchant = ['--name', '示例', ...account, '--apiKey', `@${keyFile}`, '--json', '--yes'];
  const added = await shingsou(['wechatpay-postmerchant', ...merchant]);
  expect([added.code, added.stderr]).toEqual([0, '']);
  expect(added.stdout).not.toContain(apiKey);
  const { id } = JSON.parse(added.stdout) as { id: string };
  const upload = ['--merchantId', id, '--certificate', `@${certificate}`, '--yes'];
  const uploaded = await shingsou(['wechatpay-uploadcert', ...upload]);
  expect([uploaded.code, uploaded.stdout]).toEqual([0, 'certName: cert.p12\n']);
});

it('changes nothing unasked', async () => {
  const line = ['flowcard-network', '--cardNo', cardNo(), '--action', '2'];
  const unconfirmed = await shingsou(line);
  expect([unconfirmed.code, unconfirmed.stdout]).toEqual([2, '']);
  const confirmed = await shingsou([...line, '--yes']);
  expect([confirmed.code, confirmed.stdout]).toEqual([0, `iccid: ${cardNo()}\nnetworkState: 3\n`]);
});

it('says no, and nothing usable, with exit codes of their own', async () => {
  const refused = await shingsou(['flowcard-detail', '--cardNo', '89860000000000000000']);
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toBe('已拒绝: NotFound 流量卡不存在\n');
  await platforms.setFaults({ gatewayDown: true });
  const unknown = await shingsou(['flowcard-types']);
  await platforms.setFaults({});
  expect([unknown.code, unknown.stdout]).toEqual([3, '']);
  expect(unknown.stderr).toMatch(/没有可用的应答/);
});

it.each<[string, Record<string, string>, RegExp]>([
  ['missing', { SHINGSOU_CLIENT_ID: '' }, /SHINGSOU_CLIENT_ID is missing/],
  ['wrong', { SHINGSOU_API_URL: 'openapis' }, /SHINGSOU_API_URL: /],
  ['given twice', { SHINGSOU_CLIENT_SECRET_FILE: '/dev/null' }, /are both set; keep one/],
])('names a setting that is %s, and no value', async (_case, changes, message) => {
  const { code, stdout, stderr } = await shingsou(['flowcard-types'], changes);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain(platforms.setting('SHINGSOU_CLIENT_SECRET'));
});

it('tells no secret when the token server refuses it', async () => {
  const { code, stderr } = await shingsou(['flowcard-types'], {
    SHINGSOU_CLIENT_SECRET: 'a-wrong-secret',
  });
  expect(code).toBe(3);
  expect(stderr).toMatch(/invalid_client/);
  expect(stderr).not.toContain('a-wrong-secret');
});
