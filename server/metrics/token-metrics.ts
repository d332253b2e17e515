import type { Registry } from 'prom-client';
import { Counter, Histogram } from 'prom-client';
import type { TokenRow } from '../store/schema';
import type { Store } from '../store/store';
import type { TokenObserver } from '../tokens/token-context';
import { readTokenRows } from '../tokens/token-queries';
import type { TokenUse, TokenUseResult } from '../tokens/token-service';
import { addStoreGauge } from './store-metrics';

export interface TokenMetrics extends TokenObserver {
  /** Another server requested a token. */
  used(platform: string, use: TokenUse, result: TokenUseResult): void;
}

/** Creates the metrics about what this process does with access tokens. */
export function createTokenMetrics(registry: Registry): TokenMetrics {
  const refreshes = new Counter({
    name: 'liuka_token_refreshes_total',
    help: 'Access tokens requested by this process, by outcome',
    labelNames: ['platform', 'outcome'],
    registers: [registry],
  });
  const waits = new Histogram({
    name: 'liuka_token_wait_seconds',
    help: 'Time this process waited for a new access token',
    labelNames: ['platform'],
    buckets: [0.05, 0.2, 1, 5, 15],
    registers: [registry],
  });
  const uses = new Counter({
    name: 'liuka_token_uses_total',
    help: 'Access tokens requested by other servers, by result',
    labelNames: ['platform', 'use', 'result'],
    registers: [registry],
  });
  return {
    refreshed: (platform, outcome) => {
      refreshes.inc({ platform, outcome });
    },
    waited: (platform, milliseconds) => {
      waits.observe({ platform }, milliseconds / 1000);
    },
    used: (platform, use, result) => {
      uses.inc({ platform, use, result });
    },
  };
}

/** Adds the metrics about the stored tokens. No platform is queried for them. */
export function addTokenGauges(registry: Registry, store: Store, clock: () => number): void {
  const secondsFrom = (instant: number | null) =>
    instant === null ? undefined : (clock() - instant) / 1000;
  const add = (name: string, help: string, figure: (row: TokenRow) => number | undefined) => {
    addStoreGauge(registry, {
      name,
      help,
      label: 'platform',
      read: async () =>
        (await readTokenRows(store)).flatMap((row): [string, number][] => {
          const value = figure(row);
          return value === undefined ? [] : [[row.platform, value]];
        }),
    });
  };
  add('liuka_token_age_seconds', 'Age of the access token', ({ asked_at: at }) => secondsFrom(at));
  add('liuka_token_left_seconds', 'Time until the access token expires', ({ expires_at: at }) => {
    const since = secondsFrom(at);
    return since === undefined ? undefined : -since;
  });
  add('liuka_token_generation', 'Number of access tokens so far', ({ generation }) => generation);
  add(
    'liuka_token_failures',
    'Consecutive attempts without a usable access token',
    ({ failures }) => failures,
  );
}
