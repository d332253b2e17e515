import type { Carrier } from '@shared/carrier-status';
import type { CardNumber } from '@shared/card-number';
import type { Fen } from '@shared/money';
import type { PaymentParameters } from '@shared/contract';

/**
 * What Liuka needs of the platforms, in its own words. Each platform's folder fills some of these ports.
 *
 * A port method returns a value for everything that can be expected, and throws `PlatformUnavailable`
 * where a question got no answer. A call that may have done something never throws for that: it says
 * `unknown`, because a lost answer is not a refusal.
 */

/** A question to a platform got no usable answer: time out, refused connection, 5xx, or nonsense. */
export class PlatformUnavailable extends Error {
  override readonly name = 'PlatformUnavailable';
}

/** The outcome of a call that may have done something. */
export type Outcome<Done, Reason extends string> =
  | { outcome: 'done'; value: Done }
  | { outcome: 'refused'; reason: Reason; message: string }
  | { outcome: 'unknown'; message: string };

export type LoginResult =
  | { outcome: 'done'; openid: string; unionid: string | null }
  | { outcome: 'refused'; reason: 'codeInvalid' | 'blocked' };

export interface IdentityProvider {
  /** The mini-program whose openids this provider gives; an openid means nothing without it. */
  readonly appId: string;
  /** @throws PlatformUnavailable */
  exchangeCode(code: string): Promise<LoginResult>;
}

/** A card as its platform names it. */
export interface PlatformCard {
  iccid: string;
  accessNumber: string | null;
  carrier: Carrier;
}

export interface HeldPackage {
  name: string;
  dataMb: number;
  state: 'current' | 'queued' | 'expired';
  /** Epoch milliseconds. */
  from: number;
  until: number;
}

/** All a platform says about a card at one moment. */
export interface CardReport extends PlatformCard {
  carrierCode: string;
  realName: 'verified' | 'unverified' | 'unknown';
  /** Volumes in MB, instant in epoch ms; null where the platform could not tell. */
  usage: { totalMb: number; usedMb: number; remainingMb: number; asOf: number } | null;
  expiresAt: number | null;
  packages: HeldPackage[];
  /** The answers this was read from, as they came, for staff; without real-name data. */
  raw: { operation: string; answer: unknown }[];
}

export interface PackageOffer {
  id: string;
  categoryId: string;
  name: string;
  kind: 'basic' | 'addOn' | 'crossMonth' | 'bonus';
  dataMb: number;
  price: Fen;
  /** How many calendar months it runs. */
  months: number;
  effective: ('now' | 'nextMonth')[];
}

export interface Catalogue {
  categories: { id: string; name: string }[];
  offers: PackageOffer[];
}

export type DeliveryState =
  | { state: 'pending' }
  | { state: 'delivered'; at: number }
  | { state: 'failed'; reason: string }
  /** The platform has no order of this number. */
  | { state: 'absent' };

export interface CardPlatform {
  readonly name: string;
  /** The cards a number can mean; empty where the platform knows none. @throws PlatformUnavailable */
  find(number: CardNumber): Promise<PlatformCard[]>;
  /** @throws PlatformUnavailable; undefined where the platform no longer knows the card. */
  report(iccid: string): Promise<CardReport | undefined>;
  /** @throws PlatformUnavailable */
  packagesOnSale(iccid: string): Promise<Catalogue>;
  /** What became of the delivery of an order of ours. @throws PlatformUnavailable */
  delivery(orderNumber: string): Promise<DeliveryState>;
}

export interface PaymentOrder {
  orderNumber: string;
  iccid: string;
  packageId: string;
  effective: 'now' | 'nextMonth';
  amount: Fen;
  openid: string;
  /** Epoch ms after which it cannot be paid. */
  payBefore: number;
}

/** What the payment channel says of an order number. */
export type PaymentState =
  | { state: 'unpaid' }
  | { state: 'paid'; amount: Fen; transactionId: string; openid: string | null; paidAt: number }
  | { state: 'closed' }
  | { state: 'refunded' }
  /** The channel has never heard of this number. */
  | { state: 'absent' };

export interface RefundOrder {
  orderNumber: string;
  refundNumber: string;
  paid: Fen;
  amount: Fen;
  reason: string;
}

export type RefundState = 'processing' | 'done' | 'notEnoughBalance' | 'abnormal' | 'absent';

export interface PaymentGateway {
  readonly name: string;
  /**
   * Makes, or makes again under the same number, what the customer's payment sheet needs.
   * Repeating it with the same content is safe.
   */
  createPayment(
    order: PaymentOrder,
  ): Promise<Outcome<PaymentParameters, 'alreadyPaid' | 'closed' | 'rejected'>>;
  /** @throws PlatformUnavailable */
  queryPayment(orderNumber: string): Promise<PaymentState>;
  /** `tooEarly`: the channel closes only orders that are some minutes old. */
  closePayment(
    orderNumber: string,
  ): Promise<Outcome<null, 'alreadyPaid' | 'tooEarly' | 'rejected'>>;
  /** Repeating it with the same refund number pays back once. */
  refund(order: RefundOrder): Promise<Outcome<RefundState, 'rejected'>>;
  /** @throws PlatformUnavailable */
  queryRefund(refundNumber: string): Promise<RefundState>;
}
