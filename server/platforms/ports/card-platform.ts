import type { CardNumber } from '@shared/card-number';
import type { Fen } from '@shared/money';
import type { CardReport, PlatformCard } from './card';
import type { Outcome } from './outcome';
import type { PlatformCatalogue } from './package-offer';
import type { DeliveryState, ListedOrder, PackageOrder, PlacedOrder } from './package-order';

/** Manages SIM cards, sells data packages for them, and delivers the packages. */
export interface CardPlatform {
  readonly name: string;
  /** The cards a number can refer to; empty if the platform knows none. @throws PlatformUnavailable */
  find(number: CardNumber): Promise<PlatformCard[]>;
  /** Undefined if the platform no longer knows the card. @throws PlatformUnavailable */
  report(cardRef: string): Promise<CardReport | undefined>;
  /** @throws PlatformUnavailable */
  packagesOnSale(cardRef: string): Promise<PlatformCatalogue>;
  /**
   * Whether `orderPackage` is idempotent by order number. If not, an order with an unknown outcome is never
   * sent again: its delivery is polled, and finally a person decides.
   */
  readonly idempotentOrders: boolean;
  /**
   * The state of a package on a card, in an opaque format that `delivery` compares with the state after the
   * order. Only on platforms that cannot be queried by our order number. @throws PlatformUnavailable
   */
  packageSnapshot?(cardRef: string, packageId: string): Promise<string>;
  /**
   * Orders a package that the customer paid for elsewhere. `done` means accepted but not yet delivered;
   * `reference` is the platform's own order number, if it assigns one. Rejected without a request if the
   * package can no longer start in the billing month that was ordered.
   * @throws PlatformBusy if the platform certainly did not receive the order
   */
  orderPackage(order: PackageOrder): Promise<Outcome<{ reference: string | null }, 'rejected'>>;
  /** Queries the delivery of an order of ours. @throws PlatformUnavailable */
  delivery(order: PlacedOrder): Promise<DeliveryState>;
  /**
   * The orders the platform received on a Beijing calendar day (YYYY-MM-DD); undefined if it keeps no list.
   * @throws PlatformUnavailable
   */
  ordersOfDay(day: string): Promise<ListedOrder[] | undefined>;
  /** The shop's prepaid balance, on platforms that have one. @throws PlatformUnavailable */
  balance?(): Promise<Fen>;
}
