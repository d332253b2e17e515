import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';
import { countOpenAlerts } from '../alerts/alert-queries';
import type { Store } from '../store/store';
import { countOpenOrders } from '../support/overview';

/** Counts by the value of a label. */
type Counts = Iterable<readonly [string, number]>;

export interface StoreGauge<Label extends string> {
  name: string;
  help: string;
  label: Label;
  read: () => Promise<Counts>;
}

/**
 * A figure that is read when it is asked for. While the store does not answer it is left out: the others
 * are wanted then more than ever.
 */
export function addStoreGauge<Label extends string>(
  registry: Registry,
  options: StoreGauge<Label>,
): void {
  const { name, help, label, read } = options;
  const gauge = new Gauge<Label>({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect: async () => {
      const counts = await read().catch((): Counts => []);
      gauge.reset();
      for (const [value, count] of counts) gauge.labels(value).set(count);
    },
  });
}

/** Adds what waits for a person, and what is under way, to what the operator's Prometheus reads. */
export function addStoreMetrics(registry: Registry, store: Store): void {
  addStoreGauge(registry, {
    name: 'liuka_alerts_open',
    help: 'What a person has to look at, by kind',
    label: 'kind',
    read: () => countOpenAlerts(store),
  });
  addStoreGauge(registry, {
    name: 'liuka_orders_unsettled',
    help: 'Orders that are not at rest, by state',
    label: 'state',
    read: async () => Object.entries(await countOpenOrders(store)),
  });
}
