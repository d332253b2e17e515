import { createPrng } from '../seed/prng';
import { derive } from '../simulator';
import type { Device, DeviceUser, MxchipState } from './state';

const DAY_MS = 24 * 60 * 60_000;

/** An id in the form of the document's, derived from the seed and a purpose. */
function idFor(seed: string, purpose: string): string {
  const hex = derive(seed, `mxchip ${purpose}`);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `1${hex.slice(13, 16)}`];
  return [...parts, `9${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** The first `count` users of a device; the third has no phone number, the fourth no e-mail. */
export function makeUsers(seed: string, deviceId: string, count: number): DeviceUser[] {
  const prng = createPrng(`${seed} mxchip ${deviceId}`);
  const app = idFor(seed, 'app');
  return Array.from({ length: count }, (_, index) => {
    const [phone, name] = [`1440013${prng.digits(4)}`, `user${prng.digits(4)}`];
    const role = index === 0 ? 1 : index === 1 ? 2 : 3;
    return {
      endUserId: idFor(seed, `user ${deviceId} ${String(index)}`),
      phone: index === 2 ? '' : phone,
      email: index === 3 ? '' : `${name}@example.com`,
      app,
      role,
    };
  });
}

/** One device that is online, one asleep, one blocked, one without users, and one with several. */
const plans = [
  { productName: '智能插座', online: true, isDisabled: false, users: 3 },
  { productName: '温湿度传感器', online: false, isDisabled: false, users: 1 },
  { productName: '智能门锁', online: false, isDisabled: true, users: 2 },
  { productName: '环境监测仪', online: true, isDisabled: false, users: 0 },
  { productName: '智能摄像头', online: false, isDisabled: false, users: 6 },
] as const;

function makeDevice(
  seed: string,
  now: number,
  index: number,
  plan: (typeof plans)[number],
): Device {
  const id = idFor(seed, `device ${String(index)}`);
  const mac = derive(seed, `mxchip mac ${String(index)}`)
    .slice(0, 6)
    .toUpperCase();
  const { productName, online, isDisabled } = plan;
  return {
    id,
    mac: `D0BAE4${mac}`,
    online,
    isDisabled,
    productName,
    productId: idFor(seed, `product ${productName}`),
    activatedAt: now - (index + 1) * 40 * DAY_MS,
    users: makeUsers(seed, id, plan.users),
  };
}

/** The initial state of 庆科. */
export function makeMxchipState(seed: string, now: number): MxchipState {
  return {
    devices: plans.map((plan, index) => makeDevice(seed, now, index, plan)),
    tokens: [],
  };
}
