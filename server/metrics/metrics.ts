import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Store } from '../store/store';
import { addStoreMetrics } from './store-metrics';
import { createTokenMetrics, addTokenGauges } from './token-metrics';

export interface HttpMetrics {
  observe(request: { route: string; status: number; milliseconds: number }): void;
}

/** Creates the metrics that Prometheus scrapes from `/metrics`. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const requests = new Histogram({
    name: 'liuka_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const upstream = new Histogram({
    name: 'liuka_upstream_call_seconds',
    help: 'Time a platform took to answer',
    labelNames: ['platform', 'operation', 'outcome'],
    buckets: [0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const notifications = new Counter({
    name: 'liuka_notifications_total',
    help: 'Notifications from platforms, by result',
    labelNames: ['channel', 'result'],
    registers: [registry],
  });

  return {
    registry,
    /** Adds the metrics that are counted in the store. Must be called once. */
    watchStore: (store: Store) => {
      addStoreMetrics(registry, store);
    },
    /** Adds the metrics about the tokens in the store. Must be called once. */
    watchTokens: (store: Store, clock: () => number) => {
      addTokenGauges(registry, store, clock);
    },
    tokens: createTokenMetrics(registry),
    http: {
      observe: ({ route, status, milliseconds }) => {
        requests.observe({ route, status: String(status) }, milliseconds / 1000);
      },
    } satisfies HttpMetrics,
    upstream: {
      observe: (call: {
        platform: string;
        operation: string;
        outcome: string;
        milliseconds: number;
      }) => {
        const { platform, operation, outcome, milliseconds } = call;
        upstream.observe({ platform, operation, outcome }, milliseconds / 1000);
      },
    },
    countNotification: (channel: string, result: string) => {
      notifications.inc({ channel, result });
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
