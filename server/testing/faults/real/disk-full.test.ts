import { randomUUID } from 'node:crypto';
import { createApiClient } from '../../api-client';
import { buildPowerCut } from './power-cut';
import { openSite } from './site';
import { buildBundles } from './bundles';

jest.setTimeout(60_000);

test('with a full disk the BFF answers 503, and it recovers when there is room again', async () => {
  const bundles = await buildBundles();
  const powerCut = buildPowerCut(bundles.folder('library'));
  const storeConfig = { dialect: 'sqlite', powerCut, synchronous: 'full' } as const;
  const site = await openSite({ bundles, storeConfig, name: 'full' });
  try {
    const [bff] = site.bffs;
    const { disk, sandbox, cards } = site;
    if (!bff || !disk) throw new Error('nothing to test');
    disk.markAllDurable();
    expect(await bff.start({})).toBeUndefined();

    const address = { origin: () => bff.origin, dispatcher: () => bff.dispatcher };
    const call = (token?: string) =>
      createApiClient({ ...address, token, onResponse: () => undefined });
    const code = await sandbox.loginCode('customer');
    const { token } = await call().ok('POST /sessions', { body: { code } });
    const customer = call(token);
    const found = await customer.ok('GET /cards', { query: { number: cards[0] } });
    const cardId = found.items[0]!.id;
    const sale = await customer.ok('GET /cards/:cardId/packages', { params: { cardId } });
    const [first, second] = sale.categories
      .flatMap(({ packages }) => packages)
      .filter(({ canBuy }) => canBuy)
      .map(({ id: packageId, effective }) => ({
        headers: { 'idempotency-key': randomUUID() },
        body: { cardId, packageId, effective: effective[0]!.when },
      }));
    if (!first || !second) throw new Error('nothing is on sale');
    const orderBefore = await customer.ok('POST /orders', first);

    disk.fill();
    const refusal = await customer.problem('POST /orders', second);
    expect([refusal.status, refusal.code]).toEqual([503, 'store.unavailable']);
    disk.empty();
    const made = await customer.ok('POST /orders', second);

    await bff.kill();
    disk.cutPower();
    disk.markAllDurable();
    expect(await bff.start({})).toBeUndefined();
    const { items } = await customer.ok('GET /orders', { query: {} });
    expect(items.map(({ number }) => number)).toEqual([made.number, orderBefore.number]);
    expect(site.observer.findings()).toEqual([]);
  } finally {
    await site.remove();
    bundles.remove();
  }
});
