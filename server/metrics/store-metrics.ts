import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';
import { countOpenAlerts } from '../alerts/alert-queries';
import type { Store } from '../store/store';
import { countOpenOrders } from '../support/overview-queries';

/** Counts by the value of a label. */
type Counts = Iterable<readonly [string, number]>;

export interface StoreGauge<Label extends string> {
  name: string;
  help: string;
  label: Label;
  read: () => Promise<Counts>;
}

/**
 * Adds a gauge that is read from the store at each scrape. If the store does not answer, the gauge is left
 * out and the other metrics are still served.
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

/** Adds the number of open alerts and of open orders. */
export function addStoreMetrics(registry: Registry, store: Store): void {
  addStoreGauge(registry, {
    name: 'liuka_alerts_open',
    help: 'Open alerts, by kind',
    label: 'kind',
    read: () => countOpenAlerts(store),
  });
  addStoreGauge(registry, {
    name: 'liuka_orders_unsettled',
    help: 'Orders in a state that is not final, by state',
    label: 'state',
    read: async () => Object.entries(await countOpenOrders(store)),
  });
}
