import { derive, type Simulator } from '../simulator';
import { makeMxchipState } from './seed';
import type { Device, MxchipState } from './state';

/** The state and helpers that the parts of 庆科 share. */
export interface DeviceStore {
  readonly simulator: Simulator;
  readonly state: MxchipState;
  readonly account: Account;
  findDevice(id: string): Device | undefined;
}

interface Account {
  clientId: string;
  clientSecret: string;
}

function makeAccount(seed: string): Account {
  return {
    clientId: derive(seed, 'mxchip client id').slice(0, 40),
    clientSecret: derive(seed, 'mxchip client secret'),
  };
}

/** The settings that connect a BFF to it. */
export function mxchipSettings(seed: string, url: string): Record<string, string> {
  const { clientId, clientSecret } = makeAccount(seed);
  return {
    DEVICES: 'mxchip',
    MXCHIP_URL: url,
    MXCHIP_CLIENT_ID: clientId,
    MXCHIP_CLIENT_SECRET: clientSecret,
  };
}

/** Opens 庆科 on a state, and creates its part if the state has none. */
export function openDeviceStore(simulator: Simulator): DeviceStore {
  const { seed } = simulator.state;
  const state = (simulator.state.mxchip ??= makeMxchipState(seed, simulator.now()));
  return {
    simulator,
    state,
    account: makeAccount(seed),
    findDevice: (id) => state.devices.find((device) => device.id === id.toLowerCase()),
  };
}
