import Taro from '@tarojs/taro';
import type { PaymentOutcome } from '../platform/ports';

/** The URLs of the pages and their parameters. */

function pageUrl(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`);
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
}

const cardPage = '/pages/card/index';

export function openHome(): void {
  void Taro.switchTab({ url: '/pages/home/index' });
}

export function openOrders(): void {
  void Taro.switchTab({ url: '/pages/orders/index' });
}

export function openCard(cardId: string): void {
  void Taro.navigateTo({ url: pageUrl(cardPage, { cardId }) });
}

/** @param packageId the package to select initially */
export function openPackages(cardId: string, packageId?: string): void {
  void Taro.navigateTo({ url: pageUrl('/pages/packages/index', { cardId, packageId }) });
}

export function openOrder(orderId: string): void {
  void Taro.navigateTo({ url: pageUrl('/pages/order/index', { orderId }) });
}

/** Replaces the current page with the result page of an order. */
export function redirectToResult(orderId: string, outcome: PaymentOutcome | 'unknown'): void {
  void Taro.redirectTo({ url: pageUrl('/pages/result/index', { orderId, outcome }) });
}

/** Leaves a finished purchase: back to the card's page if it is the previous one, else forward to it. */
export function returnToCard(cardId: string): void {
  const previousPage = Taro.getCurrentPages().at(-2);
  if (previousPage?.route?.includes('pages/card/index')) void Taro.navigateBack();
  else void Taro.redirectTo({ url: pageUrl(cardPage, { cardId }) });
}

/** Opens the page of the device that a card is in, or the form that binds one. */
export function openDevice(cardId: string): void {
  void Taro.navigateTo({ url: pageUrl('/device/pages/device/index', { cardId }) });
}

export function openStaffDesk(): void {
  void Taro.navigateTo({ url: '/support/pages/desk/index' });
}
