import Taro from '@tarojs/taro';
import { currentTexts } from '../i18n/language';
import type { PaymentOutcome } from '../platform/ports';
import { logFailure, runInBackground } from './rejections';

/** The URLs of the pages and their parameters, and the only calls that open pages. */

function pageUrl(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`);
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
}

const homePage = '/pages/home/index';
const cardPage = '/pages/card/index';

async function reportFailure(error: unknown): Promise<void> {
  logFailure('a page was not opened', error);
  await Taro.showToast({ icon: 'none', title: currentTexts().common.notOpened });
}

/** Tries one way after the other to open a page, and says so if none works. */
async function tryInTurn(...ways: readonly (() => Promise<unknown>)[]): Promise<void> {
  let failure: unknown;
  for (const way of ways) {
    try {
      await way();
      return;
    } catch (error) {
      failure = error;
    }
  }
  await reportFailure(failure);
}

/** Opens a page on top; above WeChat's limit of ten pages it replaces the current one. */
function openPage(url: string): void {
  runInBackground(
    tryInTurn(
      () => Taro.navigateTo({ url }),
      () => Taro.redirectTo({ url }),
      () => Taro.reLaunch({ url }),
    ),
  );
}

function replacePage(url: string): void {
  runInBackground(
    tryInTurn(
      () => Taro.redirectTo({ url }),
      () => Taro.reLaunch({ url }),
    ),
  );
}

function openTab(url: string): void {
  runInBackground(
    tryInTurn(
      () => Taro.switchTab({ url }),
      () => Taro.reLaunch({ url }),
    ),
  );
}

export function openHome(): void {
  openTab(homePage);
}

export function openOrders(): void {
  openTab('/pages/orders/index');
}

export function openCard(cardId: string): void {
  openPage(pageUrl(cardPage, { cardId }));
}

/** @param packageId the package to select initially */
export function openPackages(cardId: string, packageId?: string): void {
  openPage(pageUrl('/pages/packages/index', { cardId, packageId }));
}

export function openOrder(orderId: string): void {
  openPage(pageUrl('/pages/order/index', { orderId }));
}

/** Replaces the current page with the result page of an order. */
export function redirectToResult(orderId: string, outcome: PaymentOutcome | 'unknown'): void {
  replacePage(pageUrl('/pages/result/index', { orderId, outcome }));
}

/** Leaves a finished purchase: back to the card's page if it is the previous one, else forward to it. */
export function returnToCard(cardId: string): void {
  const url = pageUrl(cardPage, { cardId });
  const previousPage = Taro.getCurrentPages().at(-2);
  if (!previousPage?.route?.includes('pages/card/index')) replacePage(url);
  else {
    runInBackground(
      tryInTurn(
        () => Taro.navigateBack(),
        () => Taro.redirectTo({ url }),
      ),
    );
  }
}

/** Opens the page of the device that a card is in, or the form that binds one. */
export function openDevice(cardId: string): void {
  openPage(pageUrl('/device/pages/device/index', { cardId }));
}

export function openStaffDesk(): void {
  openPage('/support/pages/desk/index');
}
