import type { Logger } from 'pino';
import type { OrderState } from '@shared/order-state';
import type { CardPlatforms } from '../platforms/card-platforms';
import type { Gateways } from '../platforms/payment-gateways';
import type { OrderRow } from '../store/schema';
import type { AbsenceLooks } from './absence-looks';
import type { Store } from '../store/store';

export interface StoreAndClock {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
}

/** What payments, deliveries and refunds need to process an order. */
export interface OrderContext extends StoreAndClock {
  /**
   * A clock that is never set, in ms from an arbitrary instant. Time that decides about money is measured by
   * it, or by a platform's clock.
   */
  monotonicClock: () => number;
  /** The looks of this process at the lists of platforms without a clock. */
  absenceLooks: AbsenceLooks;
  log: Logger;
  gateways: Gateways;
  platforms: CardPlatforms;
  /** Called after a package was delivered to a card, so that the card's cached report expires. */
  onDelivered: (cardId: string) => Promise<void>;
}

/** Processes an order in one of the states the step is for; returns the order as it is afterwards. */
export type OrderStep = (context: OrderContext, order: OrderRow) => Promise<OrderRow>;

export type OrderSteps = Readonly<Partial<Record<OrderState, OrderStep>>>;
