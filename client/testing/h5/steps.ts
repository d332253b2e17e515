import type { ClientPage } from './browser';

/** The steps of a purchase, as a user takes them. */

const DELIVERY_MS = 20_000;

/** Opens a card from the home page, with the sheet that simulates a scan. */
export async function scanCard(client: ClientPage, iccid: string): Promise<void> {
  await client.byId('scan-button').click();
  await client.page.getByRole('button', { name: iccid }).click();
  await client.byId('card-remaining').waitFor();
}

/** Selects, from the card's page, a package of the last category, starting now. */
export async function choosePackage(client: ClientPage): Promise<void> {
  await client.byId('buy-button').click();
  await client.byIdPrefix('category-').last().click();
  await client.byIdPrefix('package-').first().click();
  await client.byId('effective-now').click();
}

/** Opens the cashier for the selected package. */
export async function openCashier(client: ClientPage): Promise<void> {
  await client.byId('pay-button').click();
  await client.byId('confirm-pay').click();
  await client.cashier().getByTestId('cashier-pay').waitFor();
}

/** Pays at the cashier. */
export async function payAtCashier(client: ClientPage): Promise<void> {
  const cashier = client.cashier();
  await cashier.getByTestId('cashier-pay').click();
  for (const digit of '135246') await cashier.getByTestId(`cashier-digit-${digit}`).click();
  await cashier.getByTestId('cashier-done').click();
}

/** Waits on the result page until the package is delivered. */
export async function waitUntilDelivered(client: ClientPage): Promise<void> {
  const state = client.byId('result-state').filter({ hasText: '已到账' });
  await state.waitFor({ timeout: DELIVERY_MS });
}
