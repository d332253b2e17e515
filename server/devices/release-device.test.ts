import type { DeviceHolder, DevicePlatform, Outcome } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { openStore, type OpenStore } from '../store/open-store';
import { createTestStore } from '../testing/test-stores';
import { createDeviceLookup } from './device-lookup';
import { createReleaseDevice } from './release-device';

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

/** A platform that says of the holders what it is told, one after the other, and so of unbinding. */
function setUp(holdersAnswers: HoldersAnswer[], unbound: UnbindOutcome) {
  const asked: string[] = [];
  const devices: DevicePlatform = {
    name: 'fickle',
    find: () => Promise.reject(new Error('was not to be asked that')),
    holders: () => {
      asked.push('holders');
      const answer = holdersAnswers.shift();
      return answer instanceof PlatformUnavailable
        ? Promise.reject(answer)
        : Promise.resolve(answer);
    },
    unbind: () => {
      asked.push('unbind');
      return Promise.resolve(unbound);
    },
  };
  const { store } = opened;
  const lookup = createDeviceLookup(devices);
  const release = createReleaseDevice({ store, clock: () => 1_000, devices, lookup });
  const who = { card_id: null, user_id: null, staff_id: null, reason: null };
  return {
    asked,
    release: (confirmed: number) => release({ device_id: DEVICE, ...who, confirmed }),
    kept: () => store.selectFrom('device_releases').select(['holders', 'outcome']).execute(),
  };
}

const two = [holder, { ...holder, id: 'v' }];

test('what was agreed to is done, and written down', async () => {
  const { release, kept, asked } = setUp([two], done);
  expect(await release(2)).toBe(2);
  expect(await kept()).toEqual([{ holders: 2, outcome: 'done' }]);
  expect(asked).toEqual(['holders', 'unbind']);
});

test.each([
  ['more than agreed to', 1, two],
  ['fewer than agreed to', 3, two],
  ['nobody any more', 1, []],
])('where its holders are %s, nothing is asked for', async (_case, confirmed, holders) => {
  const { release, kept, asked } = setUp([holders], done);
  const details = { holders: holders.length };
  await expect(release(confirmed)).rejects.toMatchObject({
    code: 'device.holders_changed',
    details,
  });
  expect([asked, await kept()]).toEqual([['holders'], []]);
});

test('a device nobody holds is released already', async () => {
  const { release, asked } = setUp([[]], done);
  expect([await release(0), asked]).toEqual([0, ['holders']]);
});

test.each<[string, HoldersAnswer]>([
  ['somebody still holds it: the request may be on its way', two],
  ['nobody says who holds it', unavailable],
  ['it is no longer known', undefined],
])('a lost answer is unknown where %s, and it is not asked for again', async (_case, look) => {
  const { release, kept, asked } = setUp([two, look], unknown);
  await expect(release(2)).rejects.toMatchObject({ code: 'device.outcome_unknown' });
  expect(await kept()).toEqual([{ holders: 2, outcome: 'unknown' }]);
  expect(asked).toEqual(['holders', 'unbind', 'holders']);
});

test('a lost answer is done where nobody holds it any more', async () => {
  const { release, kept } = setUp([two, []], unknown);
  expect(await release(2)).toBe(2);
  expect(await kept()).toEqual([{ holders: 2, outcome: 'done' }]);
});

test('a refusal is told as one', async () => {
  const { release, kept } = setUp([two], rejected);
  await expect(release(2)).rejects.toMatchObject({ code: 'device.unbind_refused' });
  expect(await kept()).toEqual([{ holders: 2, outcome: 'refused' }]);
});
