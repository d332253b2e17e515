import type { Carrier } from '@shared/carrier-status';
import type { CardNumber } from '@shared/card-number';
import type { Fen } from '@shared/money';
import type { PaymentParameters } from '@shared/contract';
import type { NotificationErrorCode } from '@shared/error-codes';

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

/**
 * A call was turned away before anything was done: by the platform's limit on how often it may be asked,
 * or by ours. It may be made again as it is, whatever it does.
 */
export class PlatformBusy extends PlatformUnavailable {
  readonly isBusy = true;
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
  /** What its platform calls the card by, in every question about it. */
  ref: string;
  /** In the one spelling we use; null where the platform tells no more than its end. */
  iccid: string | null;
  accessNumber: string | null;
  carrier: Carrier;
}

export interface CardPackage {
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
  packages: CardPackage[];
  /** The answers this was read from, as they came, for staff; without real-name data. */
  raw: { operation: string; answer: unknown }[];
}

/** A package as its platform sells it to the shop. */
export interface PlatformOffer {
  id: string;
  categoryId: string;
  name: string;
  kind: 'basic' | 'addOn' | 'crossMonth' | 'bonus';
  dataMb: number;
  /** What its platform sells it for to customers; null where it leaves that to the shop. */
  price: Fen | null;
  /** What it costs the shop; null where the platform does not say. */
  cost: Fen | null;
  /** How many calendar months it runs. */
  months: number;
  effective: ('now' | 'nextMonth')[];
}

export interface PlatformCatalogue {
  categories: { id: string; name: string }[];
  offers: PlatformOffer[];
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
  cardRef: string;
  packageId: string;
  effective: 'now' | 'nextMonth';
  amount: Fen;
}

/** An order of ours, as far as its platform can tell it from others. */
export interface PlacedOrder {
  orderNumber: string;
  cardRef: string;
  packageId: string;
  effective: 'now' | 'nextMonth';
  /** The platform's own number of it; null where it gave none, or its answer was lost. */
  reference: string | null;
  /** What `holdings` told before it was placed; null where that was not asked. */
  snapshotBefore: string | null;
}

/** An order as the platform's own list shows it. */
export interface ListedOrder {
  orderNumber: string;
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
  report(cardRef: string): Promise<CardReport | undefined>;
  /** @throws PlatformUnavailable */
  packagesOnSale(cardRef: string): Promise<PlatformCatalogue>;
  /**
   * Whether ordering again under the same number orders once. Where it does not, an order whose answer
   * was lost is never sent again: what became of it is asked, and in the end a person decides.
   */
  readonly idempotentOrders: boolean;
  /**
   * What a card holds of a package, in words of the platform's own that `delivery` compares later. Of
   * platforms that cannot be asked about an order by our number. @throws PlatformUnavailable
   */
  packageSnapshot?(cardRef: string, packageId: string): Promise<string>;
  /**
   * Has a package delivered that was paid for elsewhere. `done`: accepted, not yet delivered, with the
   * platform's own number of the order where it gives one.
   * @throws PlatformBusy where it certainly was not asked
   */
  orderPackage(order: PackageOrder): Promise<Outcome<{ reference: string | null }, 'rejected'>>;
  /** What became of the delivery of an order of ours. @throws PlatformUnavailable */
  delivery(order: PlacedOrder): Promise<DeliveryState>;
  /**
   * The orders the platform made on a Beijing calendar day (YYYY-MM-DD); undefined where it keeps no list.
   * @throws PlatformUnavailable
   */
  ordersOfDay(day: string): Promise<ListedOrder[] | undefined>;
  /** What the shop has left there to order packages with, where it pays in advance. @throws PlatformUnavailable */
  balance?(): Promise<Fen>;
}

export interface PaymentOrder {
  orderNumber: string;
  cardRef: string;
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

export type ParsedNotification =
  | { outcome: 'taken'; notification: ChannelNotification }
  | { outcome: 'refused'; reason: NotificationErrorCode; message: string };

/** A JSON body that tells a platform that its notification was received. */
export type Acknowledgement = Readonly<Record<string, unknown>>;

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
  /**
   * Whether being paid is all the card platform of the same name waits for: then no package is ordered by
   * us, and packages of other platforms cannot be paid through it.
   */
  readonly deliversOnPayment: boolean;
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
  readNotification(notification: RawNotification): Promise<ParsedNotification>;
  /**
   * The body that acknowledges a notification, with status 200. A refusal has a 4xx status and problem
   * details, which every channel takes for a failure.
   */
  readonly acknowledgement: Acknowledgement;
  /**
   * The channel's account of a Beijing calendar day (YYYY-MM-DD); undefined while there is none yet.
   * @throws PlatformUnavailable
   */
  downloadBill(day: string): Promise<BillEntry[] | undefined>;
}

/** Who holds a device, and as what. */
export interface DeviceHolder {
  id: string;
  /** As the person registered; null where nothing is known. Personal: for staff, and masked for others. */
  phone: string | null;
  email: string | null;
  role: 'owner' | 'admin' | 'member' | 'unknown';
}

export interface DeviceReport {
  id: string;
  mac: string | null;
  online: boolean;
  product: { id: string; name: string };
  /** Epoch milliseconds. */
  activatedAt: number | null;
}

/** What a device platform says of a device. */
export type DeviceState =
  | { state: 'known'; device: DeviceReport }
  | { state: 'absent' }
  /** Its platform has blocked it. */
  | { state: 'disabled' };

export interface DevicePlatform {
  readonly name: string;
  /** @throws PlatformUnavailable */
  find(deviceId: string): Promise<DeviceState>;
  /** Everybody who can control it; undefined where the platform knows no such device. @throws PlatformUnavailable */
  holders(deviceId: string): Promise<DeviceHolder[] | undefined>;
  /** Takes the device away from everybody who holds it. */
  unbind(deviceId: string): Promise<Outcome<null, 'absent' | 'rejected'>>;
}

/**
 * What a platform tells by itself without proof, so that anybody could have sent it. It is never believed: it
 * only says what to ask about.
 */
export type CallbackHint =
  /** Something became of the order of this number of the platform's. */
  | { kind: 'order'; reference: string }
  /** Something became of a card. */
  | { kind: 'card'; ref: string }
  /** A text message was sent or came in. */
  | { kind: 'message' };

export type ParsedCallback =
  | { outcome: 'taken'; hint: CallbackHint }
  | { outcome: 'refused'; reason: NotificationErrorCode; message: string };

/** Reads the callbacks of a platform that sends unsigned ones. */
export interface CallbackReader {
  /** The platform's name. */
  readonly name: string;
  read(body: Buffer): ParsedCallback;
  /** The body that acknowledges a callback, with status 200. */
  readonly acknowledgement: Acknowledgement;
}
