import Taro from '@tarojs/taro';
import type { PaymentOutcome } from '../platform/ports';

/** Where pages are and what they are opened with. */

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

/** @param packageId the package to have chosen already */
export function openPackages(cardId: string, packageId?: string): void {
  void Taro.navigateTo({ url: pageUrl('/pages/packages/index', { cardId, packageId }) });
}

export function openOrder(orderId: string): void {
  void Taro.navigateTo({ url: pageUrl('/pages/order/index', { orderId }) });
}

/** Goes on to what became of an order; the page before it is not gone back to. */
export function redirectToResult(orderId: string, outcome: PaymentOutcome | 'unknown'): void {
  void Taro.redirectTo({ url: pageUrl('/pages/result/index', { orderId, outcome }) });
}

/** Leaves a finished purchase: back to the card if it lies below, else on to it. */
export function returnToCard(cardId: string): void {
  const previousPage = Taro.getCurrentPages().at(-2);
  if (previousPage?.route?.includes('pages/card/index')) void Taro.navigateBack();
  else void Taro.redirectTo({ url: pageUrl(cardPage, { cardId }) });
}

/** The device a card is in, or where to say which it is. */
export function openDevice(cardId: string): void {
  void Taro.navigateTo({ url: pageUrl('/device/pages/device/index', { cardId }) });
}

export function openStaffDesk(): void {
  void Taro.navigateTo({ url: '/support/pages/desk/index' });
}
