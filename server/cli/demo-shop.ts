import { API_BASE } from '@shared/contract';
import { request } from 'undici';
import { z } from 'zod';
import { findPrices, recordSeenPackages, setPrice } from '../prices/price-queries';
import { openForTool } from '../store/open-store';
import type { Store } from '../store/store';

const sandboxState = z.object({
  products: z.array(z.object({ productNo: z.string(), name: z.string(), feeFen: z.int() })),
});
type Product = z.infer<typeof sandboxState>['products'][number];

interface DemoParts {
  sandboxUrl: string;
  bffUrl: string;
  databaseUrl: string;
  /** Epoch milliseconds. */
  clock: () => number;
}

/** Sets up for the demonstration what an operator sets up once: the callback at 大卡师, and prices. */
export async function setUpDemoShop({ sandboxUrl, bffUrl, databaseUrl, clock }: DemoParts) {
  const callback = { url: `${bffUrl}${API_BASE}/notifications/dakashi` };
  const { statusCode, body } = await request(`${sandboxUrl}/sandbox/dakashi/callback`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(callback),
  });
  if (statusCode >= 300) throw new Error('the sandbox refused the address for callbacks');
  const { products } = sandboxState.parse(await body.json());
  const { store, close } = openForTool(databaseUrl);
  try {
    await pricePackages(store, products, clock());
  } finally {
    await close();
  }
}

/** Sets a price for every package that has none yet. */
async function pricePackages(store: Store, products: readonly Product[], now: number) {
  const platform = 'dakashi';
  const ids = products.map(({ productNo }) => productNo);
  const known = new Set((await findPrices(store, platform, ids)).map(({ package_id: id }) => id));
  const fresh = products.filter(({ productNo }) => !known.has(productNo));
  await recordSeenPackages(
    store,
    fresh.map(({ productNo, name, feeFen }) => ({
      platform,
      package_id: productNo,
      name,
      cost_fen: feeFen,
      seen_at: now,
    })),
  );
  for (const { productNo, feeFen } of fresh) {
    const price = { price_fen: retailPrice(feeFen), priced_at: now, staff_id: null };
    await setPrice(store, { platform, package_id: productNo }, price);
  }
}

/** Some 40 % above cost, ending in .90 yuan, as prices do. */
function retailPrice(costFen: number): number {
  return Math.ceil((costFen * 1.4) / 100) * 100 - 10;
}
