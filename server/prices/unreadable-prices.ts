import { listOpenAlertsOf, raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import type { PlatformCatalogue } from '../platforms/ports';
import type { PriceContext } from './price-offers';

function alertKey(platform: string, packageId: string): string {
  return `${platform}|${packageId}`;
}

/**
 * Raises an alert for each package that is not offered because its price or cost cannot be read, and
 * resolves it once the package is offered again.
 */
export async function updateUnreadableAlerts(
  { store, clock }: PriceContext,
  platform: string,
  { offers, omitted = [] }: PlatformCatalogue,
): Promise<void> {
  const open = await listOpenAlertsOf(store, platform);
  const isOpen = (id: string) =>
    open.some(({ open_key }) => open_key === `priceUnreadable|${alertKey(platform, id)}`);
  const now = clock();
  for (const { id, reason, isPriceUnreadable } of omitted) {
    if (id === null || !isPriceUnreadable || isOpen(id)) continue;
    const [key, detail] = [alertKey(platform, id), `${id}: ${reason}`];
    await raiseAlert(store, { kind: 'priceUnreadable', subject: platform, key, detail, now });
  }
  for (const { id } of offers.filter((offer) => isOpen(offer.id))) {
    await resolveAlertsOfKey(store, alertKey(platform, id), now, ['priceUnreadable']);
  }
}
