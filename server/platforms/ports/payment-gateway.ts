import type { PaymentParameters } from '@shared/contract';
import type { Fen } from '@shared/money';
import type { Acknowledgement, ParsedNotification, RawNotification } from './notification';
import type { Outcome } from './outcome';

export interface PaymentOrder {
  orderNumber: string;
  cardRef: string;
  packageId: string;
  /** Shown to the customer on the payment sheet. */
  packageName: string;
  effective: 'now' | 'nextMonth';
  amount: Fen;
  openid: string;
  /** Epoch ms after which the order cannot be paid. */
  payBefore: number;
}

/** A payment that the channel captured. */
export interface Payment {
  amount: Fen;
  transactionId: string;
  /** The payer; null if the channel does not report it. */
  openid: string | null;
  paidAt: number;
}

/** The state of an order number at the payment channel. */
export type PaymentState =
  | { state: 'unpaid' }
  | ({ state: 'paid' } & Payment)
  | { state: 'closed' }
  /** Paid, and since then refunded in part or in full. */
  | ({ state: 'refunded' } & Payment)
  /** The channel does not know this number. */
  | { state: 'absent' };

export interface RefundOrder {
  orderNumber: string;
  transactionId: string;
  refundNumber: string;
  paid: Fen;
  amount: Fen;
  reason: string;
}

export type RefundState = 'processing' | 'done' | 'notEnoughBalance' | 'abnormal' | 'absent';

/** An entry of the channel's bill. */
export interface BillEntry {
  kind: 'payment' | 'refund';
  orderNumber: string;
  transactionId: string;
  /** Our refund number; null for payments. */
  refundNumber: string | null;
  amount: Fen;
}

/** Captures payments and refunds them. */
export interface PaymentGateway {
  readonly name: string;
  /**
   * Whether the card platform of the same name delivers as soon as the customer has paid. If so, we order
   * no package ourselves, and packages of other platforms cannot be paid through this gateway.
   */
  readonly deliversOnPayment: boolean;
  /**
   * Creates the parameters of the customer's payment sheet. Idempotent: the same order number with the
   * same content can be sent again.
   */
  createPayment(
    order: PaymentOrder,
  ): Promise<Outcome<PaymentParameters, 'alreadyPaid' | 'closed' | 'rejected'>>;
  /** @throws PlatformUnavailable */
  queryPayment(orderNumber: string): Promise<PaymentState>;
  /**
   * The payment with a transaction id, and the order number it was for; undefined if the channel knows
   * none. Missing on channels without such a query. @throws PlatformUnavailable
   */
  queryTransaction?(
    transactionId: string,
  ): Promise<({ orderNumber: string } & Payment) | undefined>;
  /** `tooEarly`: the channel closes only orders that are some minutes old. */
  closePayment(
    orderNumber: string,
  ): Promise<Outcome<null, 'alreadyPaid' | 'tooEarly' | 'rejected'>>;
  /** Idempotent by refund number. */
  refund(order: RefundOrder): Promise<Outcome<RefundState, 'rejected'>>;
  /** @throws PlatformUnavailable */
  queryRefund(refundNumber: string): Promise<RefundState>;
  /** Verifies and parses a notification. Changes nothing and queries no order. */
  readNotification(notification: RawNotification): Promise<ParsedNotification>;
  /**
   * The body that acknowledges a notification, with status 200. A refusal has a 4xx status and problem
   * details, which every channel takes for a failure.
   */
  readonly acknowledgement: Acknowledgement;
  /**
   * The channel's bill of a Beijing calendar day (YYYY-MM-DD); undefined while it is not ready.
   * @throws PlatformUnavailable
   */
  downloadBill(day: string): Promise<BillEntry[] | undefined>;
}
