import type { OrderState } from '@shared/order-state';
import type { Tone } from './card-tone';

const tones: Readonly<Record<OrderState, Tone>> = {
  created: 'soon',
  awaitingPayment: 'soon',
  paid: 'good',
  delivering: 'good',
  delivered: 'good',
  closed: 'neutral',
  reviewing: 'soon',
  deliveryUnknown: 'soon',
  deliveryFailed: 'stopped',
  refunding: 'soon',
  refunded: 'neutral',
  refundFailed: 'stopped',
};

/** The tone of an order's state. */
export function orderTone(state: OrderState): Tone {
  return tones[state];
}
