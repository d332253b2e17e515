import { startSimulatedPlatforms } from '../../testing/simulated-platforms';
import type { SimulatedPlatforms } from '../../testing/simulated-platforms';
import { createDakashi } from '../index';
import type { Dakashi, Dialect } from '../index';

/** The state of the simulated 大卡师, from its sandbox route. */
interface SimulatedDakashiState {
  balanceFen: number;
  cards: { serialNo: string; customNo: string; iccid: string; sim: string; gprs: string }[];
  orders: { orderNo: string; status: string; productNo: string }[];
}

interface ConnectOptions {
  clock?: () => number;
  totalTimeout?: number;
}

/** The adapter connected to the simulated platform. */
export interface DakashiFixture {
  platforms: SimulatedPlatforms;
  dakashi: Dakashi;
  /** Connects another adapter, which `close` closes too. */
  connect(change: ConnectOptions): Dakashi;
  state(): Promise<SimulatedDakashiState>;
  setBalance(balanceFen: number): Promise<void>;
  close(): Promise<void>;
}

export async function startDakashiFixture(dialect: Dialect): Promise<DakashiFixture> {
  const platforms = await startSimulatedPlatforms();
  const { setting } = platforms;
  const url = setting('DAKASHI_URL');
  const connections: Dakashi[] = [];

  function connect({ clock = Date.now, totalTimeout = 10_000 }: ConnectOptions): Dakashi {
    const dakashi = createDakashi({
      url,
      dialect,
      clientId: setting('DAKASHI_CLIENT_ID'),
      clientSecret: setting('DAKASHI_CLIENT_SECRET'),
      clock,
      limits: { totalTimeout, retryPause: 5, breakAfter: 100_000 },
      throttle: { interval: 30, rateLimitPause: 10 },
    });
    connections.push(dakashi);
    return dakashi;
  }

  return {
    platforms,
    dakashi: connect({}),
    connect,
    async state() {
      return (await (await fetch(`${url}/sandbox/dakashi`)).json()) as SimulatedDakashiState;
    },
    async setBalance(balanceFen) {
      await fetch(`${url}/sandbox/dakashi/balance`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ balanceFen }),
      });
    },
    async close() {
      await Promise.all(connections.map((each) => each.close()));
      await platforms.close();
    },
  };
}
