import { startSimulatedPlatforms } from '../testing/simulated-platforms';
import type { SimulatedPlatforms } from '../testing/simulated-platforms';
import { PlatformUnavailable } from '../ports';
import { createMxchip, mxchipOperations } from './index';
import type { Mxchip } from './index';

/** A device as the simulated platform has it. */
interface SimulatedDevice {
  id: string;
  mac: string;
  online: boolean;
  isDisabled: boolean;
  productId: string;
  productName: string;
  activatedAt: number;
  users: { endUserId: string; phone: string; email: string }[];
}

const UNKNOWN_DEVICE_ID = 'e22cfa2e-9752-11e6-9baf-00163e120d98';

let platforms: SimulatedPlatforms;
let mxchip: Mxchip;
let clockOffset = 0;

function connect(totalTimeout = 10_000): Mxchip {
  return createMxchip({
    url: platforms.setting('MXCHIP_URL'),
    clientId: platforms.setting('MXCHIP_CLIENT_ID'),
    clientSecret: platforms.setting('MXCHIP_CLIENT_SECRET'),
    clock: () => Date.now() + clockOffset,
    limits: { totalTimeout, retryPause: 5, breakAfter: 100_000 },
  });
}

async function devices(): Promise<SimulatedDevice[]> {
  const answer = await fetch(`${platforms.setting('MXCHIP_URL')}/sandbox/devices`);
  return ((await answer.json()) as { items: SimulatedDevice[] }).items;
}

async function device(index: number): Promise<SimulatedDevice> {
  const found = (await devices())[index];
  if (!found) throw new Error(`there is no device ${String(index)}`);
  return found;
}

async function updateDevice(id: string, body: object): Promise<void> {
  await fetch(`${platforms.setting('MXCHIP_URL')}/sandbox/devices/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

beforeAll(async () => {
  platforms = await startSimulatedPlatforms();
  mxchip = connect();
});
afterAll(async () => {
  await mxchip.close();
  await platforms.close();
});
afterEach(() => platforms.setFaults({}));

it(`carries out each of its ${mxchipOperations.length} operations when it is called by name`, async () => {
  const { id: deviceid } = await device(4);
  for (const { id } of mxchip.caller.operations) {
    expect([id, (await mxchip.caller.call(id, { deviceid })).outcome]).toEqual([id, 'done']);
  }
  expect(mxchip.caller.operations.map(({ id }) => id)).toEqual([
    'device/info',
    'device/endusers',
    'device/unbind',
  ]);
  await expect(mxchip.caller.call('device/reboot', {})).rejects.toThrow(TypeError);
});

describe('a device', () => {
  it('is reported with its product and activation time, in Beijing time', async () => {
    const { id, mac, online, productId, productName, activatedAt } = await device(0);
    expect(await mxchip.devices.find(id)).toEqual({
      state: 'known',
      device: {
        id,
        mac,
        online,
        product: { id: productId, name: productName },
        activatedAt: Math.floor(activatedAt / 1000) * 1000,
      },
    });
  });

  it('is disabled if the platform has blocked it', async () => {
    expect(await mxchip.devices.find((await device(2)).id)).toEqual({ state: 'disabled' });
  });

  it('is absent if the platform does not know it', async () => {
    expect(await mxchip.devices.find(UNKNOWN_DEVICE_ID)).toEqual({ state: 'absent' });
    expect(await mxchip.devices.holders(UNKNOWN_DEVICE_ID)).toBeUndefined();
    expect(await mxchip.devices.unbind(UNKNOWN_DEVICE_ID)).toMatchObject({
      outcome: 'refused',
      reason: 'absent',
    });
  });
});

describe('the holders of a device', () => {
  it('are reported with role and contact details', async () => {
    const { id, users } = await device(0);
    const holders = await mxchip.devices.holders(id);
    expect(holders?.map(({ role }) => role)).toEqual(['owner', 'admin', 'member']);
    expect(holders?.[0]).toMatchObject({ phone: users[0]?.phone, email: users[0]?.email });
    expect(holders?.[2]).toMatchObject({ phone: null, email: users[2]?.email });
  });

  it('can be an empty list', async () => {
    expect(await mxchip.devices.holders((await device(3)).id)).toEqual([]);
  });
});

describe('unbinding', () => {
  it('removes all holders', async () => {
    const { id } = await device(1);
    expect(await mxchip.devices.unbind(id)).toEqual({ outcome: 'done', value: null });
    expect(await mxchip.devices.holders(id)).toEqual([]);
  });

  it('is unknown after a lost answer, and a query shows that it was done', async () => {
    const { id } = await device(3);
    await updateDevice(id, { users: 2 });
    const impatient = connect(500);
    await platforms.setFaults({ mxchipUnbindMute: true });
    expect((await impatient.devices.unbind(id)).outcome).toBe('unknown');
    expect(await mxchip.devices.holders(id)).toEqual([]);
    await impatient.close();
  });

  it('is unknown after an internal error of the platform', async () => {
    await platforms.setFaults({ mxchipInternal: true });
    expect((await mxchip.devices.unbind((await device(0)).id)).outcome).toBe('unknown');
    expect((await device(0)).users).toHaveLength(3);
  });
});

it.each(['mxchipDown', 'mxchipGarbage', 'mxchipInternal'])(
  'queries fail under the fault %s',
  async (fault) => {
    const { id } = await device(0);
    await mxchip.devices.find(id);
    await platforms.setFaults({ [fault]: true });
    await expect(mxchip.devices.find(id)).rejects.toThrow(PlatformUnavailable);
    await expect(mxchip.devices.holders(id)).rejects.toThrow(PlatformUnavailable);
  },
);

describe('a token', () => {
  it('is replaced by the first call that finds it revoked', async () => {
    const { id } = await device(0);
    await mxchip.devices.find(id);
    const url = `${platforms.setting('MXCHIP_URL')}/sandbox/devices/revoke-tokens`;
    await fetch(url, { method: 'POST' });
    expect(await mxchip.devices.find(id)).toMatchObject({ state: 'known' });
  });

  it('is valid for ten hours and is then renewed', async () => {
    const { id } = await device(0);
    await platforms.advanceClock(36_001);
    clockOffset += 36_001_000;
    expect(await mxchip.devices.find(id)).toMatchObject({ state: 'known' });
  });
});
