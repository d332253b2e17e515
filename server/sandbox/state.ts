import { z } from 'zod';
import { dakashiEvent, dakashiState } from './dakashi/state';
import { faults } from './faults';
import { mxchipState } from './mxchip/state';
import { newBackOfficeState, backOfficeState } from './shingsou/back-office-state';

/**
 * The state of all simulated platforms, as one plain object that can be saved to a file. Instants are epoch
 * ms in sandbox time, amounts integer fen, volumes MB.
 */
const instant = z.number();
const fen = z.int().nonnegative();

const heldPackage = z.object({
  productId: z.string(),
  name: z.string(),
  volumeMb: z.number(),
  usedMb: z.number(),
  from: instant,
  until: instant,
});
export type HeldPackage = z.infer<typeof heldPackage>;

const simCard = z.object({
  iccid: z.string(),
  accessNumber: z.string(),
  carrier: z.enum(['mobile', 'telecom', 'unicom']),
  carrierCode: z.string(),
  realName: z.union([z.literal(0), z.literal(1), z.null()]),
  /** The last instant at which the card works; null if the carrier sets none. */
  expiresAt: instant.nullable(),
  /** Whether the carrier stopped it because its volume was used up, so that a package reactivates it. */
  stoppedForVolume: z.boolean(),
  categoryIds: z.array(z.string()),
  packages: z.array(heldPackage),
  /** When its usage last changed. */
  countedAt: instant,
});
export type SimCard = z.infer<typeof simCard>;

const platformOrder = z.object({
  /** The merchant's number. */
  outTradeNo: z.string(),
  /** The platform's number. */
  orderNo: z.string(),
  iccid: z.string(),
  productId: z.string(),
  productName: z.string(),
  /** 0 at once, 1 from next month. */
  effective: z.union([z.literal(0), z.literal(1)]),
  amountFen: fen,
  /** Who pays: the customer through WeChat, or the merchant from its prepaid balance. */
  paidBy: z.enum(['customer', 'balance']).default('customer'),
  /** The amount that WeChat took, if it differs from the order's; else null. */
  takenFen: fen.nullable().default(null),
  notifyUrl: z.string(),
  createdAt: instant,
  /** The content of the first prepayment; later ones must be the same. */
  wechat: z.object({ openId: z.string(), timeExpire: instant, createdAt: instant }).nullable(),
  payState: z.enum(['unpaid', 'paid', 'closed']),
  transactionId: z.string().nullable(),
  paidAt: instant.nullable(),
  deliverState: z.enum(['notBegun', 'underWay', 'failed', 'done']),
  failReason: z.string().nullable(),
  deliveredAt: instant.nullable(),
});
export type PlatformOrder = z.infer<typeof platformOrder>;

/** The payment channel: 旭宇's payments through WeChat, or the merchant's own WeChat Pay (API v3). */
const channel = z.enum(['shingsou', 'wechatpay']).default('shingsou');

const prepay = z.object({
  prepayId: z.string(),
  channel,
  outTradeNo: z.string(),
  expiresAt: instant,
});
export type Prepay = z.infer<typeof prepay>;

const refundStatus = z.enum(['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL']);

const refund = z.object({
  outRefundNo: z.string(),
  outTradeNo: z.string(),
  amountFen: fen,
  status: refundStatus,
  createdAt: instant,
});
export type Refund = z.infer<typeof refund>;

/** An order of WeChat Pay's API v3. */
const trade = z.object({
  outTradeNo: z.string(),
  description: z.string(),
  amountFen: fen,
  openId: z.string(),
  attach: z.string().nullable(),
  notifyUrl: z.string(),
  timeExpire: instant,
  createdAt: instant,
  /** The content of the first request, to compare later ones with. */
  content: z.string(),
  state: z.enum(['unpaid', 'paid', 'closed']),
});
export type Trade = z.infer<typeof trade>;

/** A payment that WeChat Pay took for a trade. */
const transaction = z.object({
  transactionId: z.string(),
  outTradeNo: z.string(),
  amountFen: fen,
  openId: z.string(),
  paidAt: instant,
});
export type Transaction = z.infer<typeof transaction>;

const tradeRefund = z.object({
  outRefundNo: z.string(),
  refundId: z.string(),
  transactionId: z.string(),
  outTradeNo: z.string(),
  amountFen: fen,
  notifyUrl: z.string().nullable(),
  status: refundStatus,
  /** Where the money goes: `merchant` after an abnormal refund was sent to the merchant's account. */
  receiver: z.enum(['user', 'merchant']).default('user'),
  createdAt: instant,
  endedAt: instant.nullable(),
});
export type TradeRefund = z.infer<typeof tradeRefund>;

const notification = z.object({
  id: z.string(),
  channel,
  event: z.enum([
    'paid',
    'delivered',
    'deliveryFailed',
    'refunded',
    'refundAbnormal',
    'refundClosed',
  ]),
  outTradeNo: z.string(),
  /** The platform's order number; empty for WeChat Pay. */
  orderNo: z.string(),
  /** The content that WeChat Pay encrypts, as JSON; null if the channel does not encrypt. */
  content: z.string().nullable().default(null),
  createdAt: instant.default(0),
  url: z.string(),
  state: z.enum(['pending', 'taken', 'givenUp']),
  nextAttemptAt: instant.nullable(),
  attempts: z.array(
    z.object({
      at: instant,
      /** Whether it is a duplicate outside the schedule. */
      extra: z.boolean(),
      /** Its deliberate fault. */
      disguise: z.enum(['probe', 'forgery']).nullable().default(null),
      taken: z.boolean(),
      result: z.string(),
    }),
  ),
});
export type Notification = z.infer<typeof notification>;
export type NotificationEvent = Notification['event'];

/** An event that is due at an instant. */
const dueEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('deliveryEnds'), at: instant, outTradeNo: z.string() }),
  z.object({ kind: z.literal('packageBegins'), at: instant, iccid: z.string() }),
  z.object({ kind: z.literal('switchEnds'), at: instant, iccid: z.string() }),
  z.object({ kind: z.literal('refundEnds'), at: instant, outRefundNo: z.string() }),
  z.object({ kind: z.literal('tradeRefundEnds'), at: instant, outRefundNo: z.string() }),
  z.object({
    kind: z.literal('notify'),
    at: instant,
    notificationId: z.string(),
    extra: z.boolean(),
  }),
  dakashiEvent,
]);
export type DueEvent = z.infer<typeof dueEvent>;

const delivery = z.object({
  outTradeNo: z.string(),
  iccid: z.string(),
  productId: z.string(),
  at: instant,
});

const person = z.object({ user: z.string(), openId: z.string() });
export type Person = z.infer<typeof person>;

const loginCode = z.object({
  code: z.string(),
  openId: z.string(),
  expiresAt: instant,
  used: z.boolean().default(false),
});
export type LoginCode = z.infer<typeof loginCode>;

/** Keys of WeChat Pay's API v3, in PEM. They are stored because generating them takes long. */
const payKeys = z.object({
  /** The merchant's key, in PKCS #8. */
  merchant: z.string(),
  /** The key behind 微信支付公钥. */
  platform: z.string(),
  /** The key of the platform certificate, and the certificate. */
  certificateKey: z.string(),
  certificate: z.string(),
});
export type StoredPayKeys = z.infer<typeof payKeys>;

/** The version of saved files. A file of version 1 lacks later fields, which get their defaults. */
export const STATE_VERSION = 2;

export const sandboxState = z.object({
  version: z.literal([1, STATE_VERSION]).transform(() => STATE_VERSION),
  seed: z.string(),
  clockOffsetMs: z.number(),
  faults,
  token: z
    .object({ value: z.string(), scopes: z.array(z.string()), expiresAt: instant })
    .nullable(),
  /** How many requests the token server got, and how many tokens it issued. */
  tokenRequests: z.object({ asked: z.int(), issued: z.int() }).default({ asked: 0, issued: 0 }),
  /** WeChat's stable access token, and when a new one was forced. */
  stableToken: z
    .object({ value: z.string(), expiresAt: instant, forcedAt: z.array(instant) })
    .nullable()
    .default(null),
  payKeys: payKeys.nullable().default(null),
  people: z.array(person),
  loginCodes: z.array(loginCode),
  cards: z.array(simCard),
  orders: z.array(platformOrder),
  prepays: z.array(prepay),
  refunds: z.array(refund),
  trades: z.array(trade).default([]),
  transactions: z.array(transaction).default([]),
  tradeRefunds: z.array(tradeRefund).default([]),
  notifications: z.array(notification),
  shingsou: backOfficeState.default(newBackOfficeState),
  deliveries: z.array(delivery),
  /** Null until it is opened for the first time. */
  dakashi: dakashiState.nullable().default(null),
  /** Null until it is opened for the first time. */
  mxchip: mxchipState.nullable().default(null),
  /** Ordered by instant. */
  agenda: z.array(dueEvent),
});
export type SandboxState = z.infer<typeof sandboxState>;
