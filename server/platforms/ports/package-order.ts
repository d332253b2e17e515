import type { SettlementDay } from '@shared/billing-month';
import type { Fen } from '@shared/money';

export type DeliveryState =
  | { state: 'pending' }
  | { state: 'delivered'; at: number }
  | { state: 'failed'; reason: string }
  /**
   * The platform has no order with this number. `platformTime`: the platform's own time of the answer, in
   * epoch ms; null if it gives none.
   */
  | { state: 'absent'; platformTime: number | null };

/** When the package of an order starts, as the customer ordered it. */
export interface OrderedStart {
  /** Epoch ms. The package starts at some time in the billing month of this instant. */
  effectiveFrom: number;
  settlementDay: SettlementDay;
}

/** An order for a package that the customer did not pay for at the card platform. */
export interface PackageOrder extends OrderedStart {
  orderNumber: string;
  cardRef: string;
  packageId: string;
  amount: Fen;
}

/** What identifies a placed order of ours at its platform. */
export interface PlacedOrder extends OrderedStart {
  orderNumber: string;
  cardRef: string;
  packageId: string;
  /** The platform's own order number; null if it assigns none or its response was lost. */
  reference: string | null;
  /** The result of `packageSnapshot` from before the order was placed; null if none was taken. */
  snapshotBefore: string | null;
}

/** An order in the platform's own list. */
export interface ListedOrder {
  orderNumber: string;
  packageId: string;
  amount: Fen;
  paid: boolean;
  delivered: boolean;
}
