import type { ClientPage } from './browser';

/** The steps of the job, as a person takes them. */

const DELIVERY_MS = 20_000;

/** From the first page to the card, by the sheet that stands for a camera. */
export async function scanCard(client: ClientPage, iccid: string): Promise<void> {
  await client.byId('scan-button').click();
  await client.page.getByRole('button', { name: iccid }).click();
  await client.byId('card-remaining').waitFor();
}

/** From the card to a package of the last category, to run from now. */
export async function choosePackage(client: ClientPage): Promise<void> {
  await client.byId('buy-button').click();
  await client.byIdPrefix('category-').last().click();
  await client.byIdPrefix('package-').first().click();
  await client.byId('effective-now').click();
}

/** From a chosen package to the cashier. */
export async function openCashier(client: ClientPage): Promise<void> {
  await client.byId('pay-button').click();
  await client.byId('confirm-pay').click();
  await client.cashier().getByTestId('cashier-pay').waitFor();
}

/** Pays at the open cashier. */
export async function payAtCashier(client: ClientPage): Promise<void> {
  const cashier = client.cashier();
  await cashier.getByTestId('cashier-pay').click();
  for (const digit of '135246') await cashier.getByTestId(`cashier-digit-${digit}`).click();
  await cashier.getByTestId('cashier-done').click();
}

/** Watches the result page until the package has arrived. */
export async function waitUntilDelivered(client: ClientPage): Promise<void> {
  const state = client.byId('result-state').filter({ hasText: '已到账' });
  await state.waitFor({ timeout: DELIVERY_MS });
}
