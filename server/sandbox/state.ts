import { z } from 'zod';
import { dakashiEvent, dakashiState } from './dakashi/state';
import { faults } from './faults';
import { mxchipState } from './mxchip/state';
import { newBackOfficeState, backOfficeState } from './shingsou/back-office-state';

/**
 * Everything the simulated platforms know, as one plain object that can be written to a file and read
 * back. Instants are epoch ms in sandbox time, amounts integer fen, volumes MB.
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
  /** The last instant the card works; null where the carrier sets none. */
  expiresAt: instant.nullable(),
  /** Whether the carrier stopped it because nothing was left, so that a package brings it back. */
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
  /** Who pays: the customer through WeChat, or the shop from its prepaid balance. */
  paidBy: z.enum(['customer', 'balance']).default('customer'),
  /** What WeChat really took; null where that is the order's amount. */
  takenFen: fen.nullable().default(null),
  notifyUrl: z.string(),
  createdAt: instant,
  /** What WeChat was told with the first prepayment; later ones must say the same. */
  wechat: z.object({ openId: z.string(), timeExpire: instant, createdAt: instant }).nullable(),
  payState: z.enum(['unpaid', 'paid', 'closed']),
  transactionId: z.string().nullable(),
  paidAt: instant.nullable(),
  deliverState: z.enum(['notBegun', 'underWay', 'failed', 'done']),
  failReason: z.string().nullable(),
  deliveredAt: instant.nullable(),
});
export type PlatformOrder = z.infer<typeof platformOrder>;

/** Whose payments they are: those 旭宇 takes through WeChat, or the merchant's own with WeChat Pay (API v3). */
const channel = z.enum(['shingsou', 'wechatpay']).default('shingsou');

const prepay = z.object({
  prepayId: z.string(),
  channel,
  outTradeNo: z.string(),
  expiresAt: instant,
});
export type Prepay = z.infer<typeof prepay>;

const refundStatus = z.enum(['PROCESSING', 'SUCCESS', 'ABNORMAL']);

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
  /** What the first request said, to compare later ones with. */
  content: z.string(),
  state: z.enum(['unpaid', 'paid', 'closed']),
});
export type Trade = z.infer<typeof trade>;

/** Money WeChat Pay took for a trade. */
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
  createdAt: instant,
  endedAt: instant.nullable(),
});
export type TradeRefund = z.infer<typeof tradeRefund>;

const notification = z.object({
  id: z.string(),
  channel,
  event: z.enum(['paid', 'delivered', 'deliveryFailed', 'refunded', 'refundAbnormal']),
  outTradeNo: z.string(),
  /** The platform's number; empty where the platform is WeChat Pay. */
  orderNo: z.string(),
  /** What WeChat Pay encrypts, as JSON; null where nothing is. */
  content: z.string().nullable().default(null),
  createdAt: instant.default(0),
  url: z.string(),
  state: z.enum(['pending', 'taken', 'givenUp']),
  nextAttemptAt: instant.nullable(),
  attempts: z.array(
    z.object({
      at: instant,
      /** A copy outside the schedule. */
      extra: z.boolean(),
      /** What was wrong with it on purpose. */
      disguise: z.enum(['probe', 'forgery']).nullable().default(null),
      taken: z.boolean(),
      result: z.string(),
    }),
  ),
});
export type Notification = z.infer<typeof notification>;
export type NotificationEvent = Notification['event'];

/** Something that will happen at an instant. */
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

/** Keys of WeChat Pay's API v3, in PEM. They take long to make, so they are kept. */
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

/** The version that is written; a file of version 1 lacks what came later, which then starts empty. */
export const STATE_VERSION = 2;

export const sandboxState = z.object({
  version: z.literal([1, STATE_VERSION]).transform(() => STATE_VERSION),
  seed: z.string(),
  clockOffsetMs: z.number(),
  faults,
  token: z
    .object({ value: z.string(), scopes: z.array(z.string()), expiresAt: instant })
    .nullable(),
  /** How often the token server was asked, and how often it gave a token. */
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
