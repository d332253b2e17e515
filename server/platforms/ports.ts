import type { Carrier } from '@shared/carrier-status';
import type { CardNumber } from '@shared/card-number';
import type { Fen } from '@shared/money';
import type { PaymentParameters } from '@shared/contract';
import type { NotificationRefusal } from '@shared/error-codes';

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

/** A package to be delivered that was paid for elsewhere than at its platform. */
export interface PackageOrder {
  orderNumber: string;
  iccid: string;
  packageId: string;
  effective: 'now' | 'nextMonth';
  amount: Fen;
}

/** An order as the platform's own list shows it. */
export interface ListedOrder {
  orderNumber: string;
  iccid: string;
  packageId: string;
  amount: Fen;
  paid: boolean;
  delivered: boolean;
}

export interface CardPlatform {
  readonly name: string;
  /** The cards a number can mean; empty where the platform knows none. @throws PlatformUnavailable */
  find(number: CardNumber): Promise<PlatformCard[]>;
  /** @throws PlatformUnavailable; undefined where the platform no longer knows the card. */
  report(iccid: string): Promise<CardReport | undefined>;
  /** @throws PlatformUnavailable */
  packagesOnSale(iccid: string): Promise<Catalogue>;
  /**
   * Whether ordering again under the same number orders once. Where it does not, an order whose answer
   * was lost is never sent again: what became of it is asked, and in the end a person decides.
   */
  readonly ordersOncePerNumber: boolean;
  /** Has a package delivered that was paid for elsewhere. `done`: accepted, not yet delivered. */
  orderPackage(order: PackageOrder): Promise<Outcome<null, 'rejected'>>;
  /** What became of the delivery of an order of ours. @throws PlatformUnavailable */
  delivery(orderNumber: string): Promise<DeliveryState>;
  /** The orders the platform made on a Beijing calendar day (YYYY-MM-DD). @throws PlatformUnavailable */
  ordersOfDay(day: string): Promise<ListedOrder[]>;
}

export interface PaymentOrder {
  orderNumber: string;
  iccid: string;
  packageId: string;
  /** What the customer reads on the payment sheet. */
  packageName: string;
  effective: 'now' | 'nextMonth';
  amount: Fen;
  openid: string;
  /** Epoch ms after which it cannot be paid. */
  payBefore: number;
}

/** Money the channel took. */
export interface Payment {
  amount: Fen;
  transactionId: string;
  /** Who paid; null where the channel does not say. */
  openid: string | null;
  paidAt: number;
}

/** What the payment channel says of an order number. */
export type PaymentState =
  | { state: 'unpaid' }
  | ({ state: 'paid' } & Payment)
  | { state: 'closed' }
  /** Paid, and since then given back in part or whole. */
  | ({ state: 'refunded' } & Payment)
  /** The channel has never heard of this number. */
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

/** A notification as it arrived, byte for byte. */
export interface RawNotification {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** A notification whose sender and form were checked as far as its channel lets us. */
export interface ChannelNotification {
  /** The channel's own id: the same thing told again has the same one. */
  id: string;
  kind: 'payment' | 'refund' | 'delivery';
  orderNumber: string;
  /** The payment it tells of, where it is signed and says so. */
  transactionId: string | null;
  /** Whether the channel signs: only then may it be told apart from anybody's knock. */
  signed: boolean;
}

export type NotificationReading =
  | { outcome: 'taken'; notification: ChannelNotification }
  | { outcome: 'refused'; reason: NotificationRefusal; message: string };

/** A line of the channel's bill. */
export interface BillEntry {
  kind: 'payment' | 'refund';
  orderNumber: string;
  transactionId: string;
  /** Our refund number; null for payments. */
  refundNumber: string | null;
  amount: Fen;
}

export interface PaymentGateway {
  readonly name: string;
  /** Whether being paid is all its card platform waits for: then no package is ordered by us. */
  readonly delivers: boolean;
  /**
   * Makes, or makes again under the same number, what the customer's payment sheet needs.
   * Repeating it with the same content is safe.
   */
  createPayment(
    order: PaymentOrder,
  ): Promise<Outcome<PaymentParameters, 'alreadyPaid' | 'closed' | 'rejected'>>;
  /** @throws PlatformUnavailable */
  queryPayment(orderNumber: string): Promise<PaymentState>;
  /**
   * The payment of a transaction number, with the order number it was for; undefined where the channel
   * knows none. Absent from channels that cannot be asked so. @throws PlatformUnavailable
   */
  queryTransaction?(
    transactionId: string,
  ): Promise<({ orderNumber: string } & Payment) | undefined>;
  /** `tooEarly`: the channel closes only orders that are some minutes old. */
  closePayment(
    orderNumber: string,
  ): Promise<Outcome<null, 'alreadyPaid' | 'tooEarly' | 'rejected'>>;
  /** Repeating it with the same refund number pays back once. */
  refund(order: RefundOrder): Promise<Outcome<RefundState, 'rejected'>>;
  /** @throws PlatformUnavailable */
  queryRefund(refundNumber: string): Promise<RefundState>;
  /** Checks who a notification is from and what it is about; changes nothing, asks nobody about orders. */
  readNotification(notification: RawNotification): Promise<NotificationReading>;
  /**
   * The channel's account of a Beijing calendar day (YYYY-MM-DD); undefined while there is none yet.
   * @throws PlatformUnavailable
   */
  downloadBill(day: string): Promise<BillEntry[] | undefined>;
}
