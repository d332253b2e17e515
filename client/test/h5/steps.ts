import type { Visit } from './browser';

/** The steps of the job, as a person takes them. */

const DELIVERY_MS = 20_000;

/** From the first page to the card, by the sheet that stands for a camera. */
export async function scanCard(here: Visit, iccid: string): Promise<void> {
  await here.at('scan-button').click();
  await here.page.getByRole('button', { name: iccid }).click();
  await here.at('card-remaining').waitFor();
}

/** From the card to a package of the last category, to run from now. */
export async function choosePackage(here: Visit): Promise<void> {
  await here.at('buy-button').click();
  await here.all('category-').last().click();
  await here.all('package-').first().click();
  await here.at('effective-now').click();
}

/** From a chosen package to the cashier. */
export async function openCashier(here: Visit): Promise<void> {
  await here.at('pay-button').click();
  await here.at('confirm-pay').click();
  await here.cashier().getByTestId('cashier-pay').waitFor();
}

/** Pays at the open cashier. */
export async function payAtCashier(here: Visit): Promise<void> {
  const cashier = here.cashier();
  await cashier.getByTestId('cashier-pay').click();
  for (const digit of '135246') await cashier.getByTestId(`cashier-digit-${digit}`).click();
  await cashier.getByTestId('cashier-done').click();
}

/** Watches the result page until the package has arrived. */
export async function untilDelivered(here: Visit): Promise<void> {
  const state = here.at('result-state').filter({ hasText: '已到账' });
  await state.waitFor({ timeout: DELIVERY_MS });
}
