import type { PaymentParameters } from '@shared/contract';
import type { Fen } from '@shared/money';
import type { Acknowledgement, ParsedNotification, RawNotification } from './notification';
import type { Outcome } from './outcome';
import type { OrderedStart } from './package-order';

export interface PaymentOrder extends OrderedStart {
  orderNumber: string;
  cardRef: string;
  packageId: string;
  /** Shown to the customer on the payment sheet. */
  packageName: string;
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

/**
 * - `abnormal`: the channel accepted the refund and cannot pay it out (a cancelled bank card). It keeps its
 *   number, and a person decides where the money goes.
 * - `closed`: the channel ended this refund number without paying. Final.
 * - `absent`: the channel knows no refund with this number.
 */
export type RefundState =
  'processing' | 'done' | 'notEnoughBalance' | 'abnormal' | 'closed' | 'absent';

/** A refund as the channel reports it, whoever requested it. */
export interface ChannelRefund {
  state: Exclude<RefundState, 'absent' | 'notEnoughBalance'>;
  orderNumber: string;
  transactionId: string;
  amount: Fen;
}

/** Where the money of an abnormal refund goes. The bank card is passed through and never stored. */
export interface AbnormalRefundTarget {
  to: 'merchant' | 'userBankCard';
  /** The card of the customer, if the money goes there. */
  bankCard?: { bankType: string; bankAccount: string; realName: string } | undefined;
}

/**
 * An entry of the channel's bill. `unreadable`: a row of ours that cannot be read; its amount is 0, and its
 * transaction id is empty if that cannot be read either.
 */
export interface BillEntry {
  kind: 'payment' | 'refund' | 'unreadable';
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
   * @throws PlatformBusy if the channel certainly did not receive the order
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
  /**
   * A refund by its number; undefined if the channel knows none. Recognises refunds made in the channel's
   * own console. Missing on channels whose query does not name order and amount. @throws PlatformUnavailable
   */
  findRefund?(refundNumber: string): Promise<ChannelRefund | undefined>;
  /**
   * Pays an abnormal refund out to another card of the customer, or to the merchant. Idempotent. Missing on
   * channels without such an operation. @throws PlatformUnavailable
   */
  redirectAbnormalRefund?(
    refundNumber: string,
    target: AbnormalRefundTarget,
  ): Promise<Outcome<null, 'rejected'>>;
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
