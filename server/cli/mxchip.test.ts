import { startSimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import type { SimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import { runScript } from '../testing/run-script';

const names = ['MXCHIP_URL', 'MXCHIP_CLIENT_ID', 'MXCHIP_CLIENT_SECRET'] as const;

let platforms: SimulatedPlatforms;
let deviceId: string;
beforeAll(async () => {
  platforms = await startSimulatedPlatforms();
  const answer = await fetch(`${platforms.setting('MXCHIP_URL')}/sandbox/devices`);
  const { items } = (await answer.json()) as { items: { id: string }[] };
  deviceId = items[0]!.id;
});
afterAll(() => platforms.close());

function mxchip(args: string[]) {
  const settings = Object.fromEntries(names.map((name) => [name, platforms.setting(name)]));
  return runScript('server/cli/mxchip.ts', args, { env: settings });
}

it('lists its three operations without any setting', async () => {
  const { code, stdout } = await runScript('server/cli/mxchip.ts', ['--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Operations \(3;/);
});

it('asks about a device, and changes nothing unasked', async () => {
  const confirmed = await mxchip(['device/info', '--deviceid', deviceId, '--json']);
  expect([confirmed.code, confirmed.stderr]).toEqual([0, '']);
  expect(JSON.parse(confirmed.stdout)).toMatchObject({ online: true, pname: '智能插座' });
  const unconfirmed = await mxchip(['device/unbind', '--deviceid', deviceId]);
  expect([unconfirmed.code, unconfirmed.stdout]).toEqual([2, '']);
  const done = await mxchip(['device/unbind', '--deviceid', deviceId, '--yes']);
  expect([done.code, done.stdout]).toEqual([0, `deviceid: ${deviceId}\n`]);
});

it('says what the platform refuses', async () => {
  const refused = await mxchip(['device/info', '--deviceid', 'none']);
  expect([refused.code, refused.stderr]).toEqual([1, '已拒绝: 23030 device does not exist\n']);
});
