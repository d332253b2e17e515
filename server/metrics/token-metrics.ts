import type { Registry } from 'prom-client';
import { Counter, Histogram } from 'prom-client';
import type { TokenRow } from '../store/schema';
import type { Store } from '../store/store';
import type { TokenObserver } from '../tokens/replace-token';
import { readTokenRows } from '../tokens/token-queries';
import type { TokenUse, TokenUseResult } from '../tokens/token-service';
import { addStoreGauge } from './store-metrics';

export interface TokenMetrics extends TokenObserver {
  /** Another server asked for a token. */
  used(platform: string, use: TokenUse, result: TokenUseResult): void;
}

/** What this process does about tokens. */
export function createTokenMetrics(registry: Registry): TokenMetrics {
  const refreshes = new Counter({
    name: 'liuka_token_refreshes_total',
    help: 'Access tokens asked for by this process, by what became of it',
    labelNames: ['platform', 'outcome'],
    registers: [registry],
  });
  const waits = new Histogram({
    name: 'liuka_token_wait_seconds',
    help: 'Time this process waited for another access token',
    labelNames: ['platform'],
    buckets: [0.05, 0.2, 1, 5, 15],
    registers: [registry],
  });
  const uses = new Counter({
    name: 'liuka_token_uses_total',
    help: 'Access tokens asked for by other servers, by what became of it',
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

/** Adds what the store says about tokens. No platform is asked for that. */
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
  add('liuka_token_age_seconds', 'Since the access token was asked for', ({ asked_at: at }) =>
    secondsFrom(at),
  );
  add('liuka_token_left_seconds', 'Until the access token runs out', ({ expires_at: at }) => {
    const since = secondsFrom(at);
    return since === undefined ? undefined : -since;
  });
  add('liuka_token_generation', 'Access tokens there have been', ({ generation }) => generation);
  add(
    'liuka_token_failures',
    'Attempts in a row that brought no access token that lasted',
    ({ failures }) => failures,
  );
}
