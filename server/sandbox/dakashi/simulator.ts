import { derive, type Simulator } from '../simulator';
import { makeDakashiState } from './seed';
import type { AgentCard, DakashiEvent, DakashiState, RechargeOrder } from './state';

/** The state and helpers that the parts of 大卡师 share. */
export interface DakashiSimulator {
  readonly simulator: Simulator;
  readonly state: DakashiState;
  readonly account: AgentAccount;
  /** By serial number, custom number, or the ICCID's last ten characters (api-doc, serial_no). */
  findCard(number: string): AgentCard | undefined;
  findOrder(orderNo: string): RechargeOrder | undefined;
  schedule(what: DakashiEvent['what'], id: string, at: number): void;
}

/** The agent's account with 大卡师, the same in both dialects. */
interface AgentAccount {
  clientId: string;
  clientSecret: string;
}

function makeAccount(seed: string): AgentAccount {
  return {
    clientId: `iot${derive(seed, 'dakashi client id').slice(0, 20)}`,
    clientSecret: derive(seed, 'dakashi client secret').slice(0, 40),
  };
}

/** The settings that connect a BFF to it. */
export function dakashiSettings(seed: string, url: string): Record<string, string> {
  const { clientId, clientSecret } = makeAccount(seed);
  return {
    DAKASHI_URL: url,
    DAKASHI_DIALECT: 'seed',
    DAKASHI_CLIENT_ID: clientId,
    DAKASHI_CLIENT_SECRET: clientSecret,
  };
}

/** Opens 大卡师 on a state, and creates its part if the state has none. */
export function openDakashi(simulator: Simulator, callbackUrl: string | null): DakashiSimulator {
  const { seed, cards } = simulator.state;
  const state = (simulator.state.dakashi ??= makeDakashiState(seed, simulator.now(), cards));
  state.callbackUrl ??= callbackUrl;
  return {
    simulator,
    state,
    account: makeAccount(seed),
    findCard: (number) =>
      state.cards.find(({ serialNo }) => serialNo === number) ??
      state.cards.find(({ customNo, iccid }) => customNo === number || iccid.slice(-10) === number),
    findOrder: (orderNo) => state.orders.find((order) => order.orderNo === orderNo),
    schedule: (what, id, at) => simulator.schedule({ kind: 'dakashi', what, id, at }),
  };
}
