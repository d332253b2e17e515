import type { DeviceHolder, DevicePlatform, Outcome } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { openStore, type OpenStore } from '../store/open-store';
import { createTestStore } from '../testing/test-stores';
import { releaseDevice } from './release-device';

const DEVICE = 'e22cfa2e-9752-11e6-9baf-00163e120d98';
const unavailable = new PlatformUnavailable('no answer');

const holder: DeviceHolder = { id: 'u', phone: '13026500000', email: null, role: 'owner' };
type HoldersAnswer = DeviceHolder[] | undefined | PlatformUnavailable;
type UnbindOutcome = Outcome<null, 'absent' | 'rejected'>;

const done: UnbindOutcome = { outcome: 'done', value: null };
const unknown: UnbindOutcome = { outcome: 'unknown', message: 'no answer' };
const rejected: UnbindOutcome = { outcome: 'refused', reason: 'rejected', message: 'no' };

let opened: OpenStore;
let remove: () => Promise<void>;
beforeEach(async () => {
  const testStore = await createTestStore('sqlite');
  remove = testStore.remove;
  opened = await openStore(testStore.databaseUrl, { warn: () => undefined });
});
afterEach(async () => {
  await opened.close();
  await remove();
});

/** A platform with scripted answers: one for each query of the holders, and one for unbinding. */
function setUp(holdersAnswers: HoldersAnswer[], unbindOutcome: UnbindOutcome) {
  const calls: string[] = [];
  const devices: DevicePlatform = {
    name: 'fickle',
    find: () => Promise.reject(new Error('unexpected call')),
    holders: () => {
      calls.push('holders');
      const answer = holdersAnswers.shift();
      return answer instanceof PlatformUnavailable
        ? Promise.reject(answer)
        : Promise.resolve(answer);
    },
    unbind: () => {
      calls.push('unbind');
      return Promise.resolve(unbindOutcome);
    },
  };
  const { store } = opened;
  const context = { store, clock: () => 1_000, devices };
  const request = {
    device_id: DEVICE,
    card_id: null,
    user_id: null,
    staff_id: null,
    reason: null,
  };
  return {
    calls,
    release: (confirmed: number) => releaseDevice(context, { ...request, confirmed }),
    recorded: () => store.selectFrom('device_releases').select(['holders', 'outcome']).execute(),
  };
}

const two = [holder, { ...holder, id: 'v' }];

test('a device with the confirmed number of holders is released and recorded', async () => {
  const { release, recorded, calls } = setUp([two], done);
  expect(await release(2)).toBe(2);
  expect(await recorded()).toEqual([{ holders: 2, outcome: 'done' }]);
  expect(calls).toEqual(['holders', 'unbind']);
});

test.each([
  ['more than confirmed', 1, two],
  ['fewer than confirmed', 3, two],
  ['none any more', 1, []],
])('if the holders are %s, no release is requested', async (_case, confirmed, holders) => {
  const { release, recorded, calls } = setUp([holders], done);
  const details = { holders: holders.length };
  await expect(release(confirmed)).rejects.toMatchObject({
    code: 'device.holders_changed',
    details,
  });
  expect([calls, await recorded()]).toEqual([['holders'], []]);
});

test('a device without holders is already released', async () => {
  const { release, calls } = setUp([[]], done);
  expect([await release(0), calls]).toEqual([0, ['holders']]);
});

test.each<[string, HoldersAnswer]>([
  ['it still has holders: the request may be delayed', two],
  ['the platform does not answer', unavailable],
  ['the device is no longer known', undefined],
])(
  'a lost answer is an unknown outcome if %s, and the request is not repeated',
  async (_case, secondAnswer) => {
    const { release, recorded, calls } = setUp([two, secondAnswer], unknown);
    await expect(release(2)).rejects.toMatchObject({ code: 'device.outcome_unknown' });
    expect(await recorded()).toEqual([{ holders: 2, outcome: 'unknown' }]);
    expect(calls).toEqual(['holders', 'unbind', 'holders']);
  },
);

test('a lost answer is a success if the device has no holders any more', async () => {
  const { release, recorded } = setUp([two, []], unknown);
  expect(await release(2)).toBe(2);
  expect(await recorded()).toEqual([{ holders: 2, outcome: 'done' }]);
});

test('a refusal is reported', async () => {
  const { release, recorded } = setUp([two], rejected);
  await expect(release(2)).rejects.toMatchObject({ code: 'device.unbind_refused' });
  expect(await recorded()).toEqual([{ holders: 2, outcome: 'refused' }]);
});
