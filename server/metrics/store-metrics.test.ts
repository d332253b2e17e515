import { raiseAlert } from '../alerts/alert-queries';
import { createReconciliationFixture } from '../testing/reconciliation-fixture';
import { createMetrics } from './metrics';

const NOON = Date.UTC(2026, 2, 14, 4);

async function scrape(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => /^liuka_(alerts|orders)/.test(line));
}

test('the gauges show the open alerts and orders at the time of the scrape', async () => {
  const world = await createReconciliationFixture('sqlite', NOON);
  const metrics = createMetrics();
  metrics.watchStore(world.store);
  expect(await scrape(metrics)).toEqual([]);
  await world.addPaidOrder({ paidAt: NOON, state: 'deliveryUnknown' });
  await world.addPaidOrder({ paidAt: NOON, state: 'delivered' });
  const alert = { kind: 'deliveryUnknown', subject: 'an-order', now: NOON } as const;
  await raiseAlert(world.store, alert);
  expect(await scrape(metrics)).toEqual([
    'liuka_alerts_open{kind="deliveryUnknown"} 1',
    'liuka_orders_unsettled{state="deliveryUnknown"} 1',
  ]);
  await world.store.updateTable('alerts').set({ open_key: null }).execute();
  expect(await scrape(metrics)).toEqual(['liuka_orders_unsettled{state="deliveryUnknown"} 1']);
  await world.close();
  expect(await scrape(metrics)).toEqual([]);
  expect(await metrics.registry.metrics()).toContain('process_cpu_seconds_total');
});
