import Taro from '@tarojs/taro';
import type { PaymentOutcome } from './platform/ports';

/** Where pages are and what they are opened with. */

function address(path: string, query: Readonly<Record<string, string | undefined>>): string {
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
  void Taro.navigateTo({ url: address(cardPage, { cardId }) });
}

/** @param packageId the package to have chosen already */
export function openPackages(cardId: string, packageId?: string): void {
  void Taro.navigateTo({ url: address('/pages/packages/index', { cardId, packageId }) });
}

export function openOrder(orderId: string): void {
  void Taro.navigateTo({ url: address('/pages/order/index', { orderId }) });
}

/** Goes on to what became of an order; the page before it is not gone back to. */
export function continueToResult(orderId: string, outcome: PaymentOutcome | 'unknown'): void {
  void Taro.redirectTo({ url: address('/pages/result/index', { orderId, outcome }) });
}

/** Leaves a finished purchase: back to the card if it lies below, else on to it. */
export function leaveForCard(cardId: string): void {
  const below = Taro.getCurrentPages().at(-2);
  if (below?.route?.includes('pages/card/index')) void Taro.navigateBack();
  else void Taro.redirectTo({ url: address(cardPage, { cardId }) });
}

/** The device a card is in, or where to say which it is. */
export function openDevice(cardId: string): void {
  void Taro.navigateTo({ url: address('/device/pages/device/index', { cardId }) });
}

export function openStaffDesk(): void {
  void Taro.navigateTo({ url: '/support/pages/desk/index' });
}
