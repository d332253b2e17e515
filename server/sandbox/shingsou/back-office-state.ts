import { z } from 'zod';

/** The merchant's back office at 旭宇, beside cards and orders. Instants are epoch ms in sandbox time. */
const instant = z.number();
const fen = z.int().nonnegative();

/** The merchant's notes on a card, and the account it was transferred to. */
const cardNotes = z.object({
  remark: z.string().nullable().default(null),
  tags: z.array(z.string()).default([]),
  categoryId: z.string().nullable().default(null),
  consignee: z.string().nullable().default(null),
});
export type CardNotes = z.infer<typeof cardNotes>;

const cardTransfer = z.object({
  transferNo: z.string(),
  consignee: z.string(),
  count: z.int(),
  createdAt: instant,
});

const cardImport = z.object({
  importNo: z.string(),
  count: z.int(),
  failedCount: z.int(),
  createdAt: instant,
});

/** A batch of 充值卡 (vouchers): `quantity` numbers from `first` on, of the day they were created. */
const dataCardBatch = z.object({
  batchNo: z.string(),
  /** YYYYMMDD in Beijing. */
  day: z.string(),
  first: z.int(),
  quantity: z.int(),
  productId: z.string(),
  expiresAt: instant,
  createdAt: instant,
});
export type DataCardBatch = z.infer<typeof dataCardBatch>;

const dataCardMark = z.object({
  consignee: z.string().nullable().default(null),
  used: z.object({ iccid: z.string(), at: instant }).nullable().default(null),
});
export type DataCardMark = z.infer<typeof dataCardMark>;

const channel = z.enum(['alipay', 'wechatpay']);
export type PaymentChannel = z.infer<typeof channel>;

/** A payment of 支付网关v2 that is not for a package of 旭宇's. */
const gatewayTrade = z.object({
  channel,
  outTradeNo: z.string(),
  /** The content of the first request, to compare later ones with. */
  content: z.string(),
  amountFen: fen,
  subject: z.string(),
  notifyUrl: z.string().nullable(),
  timeExpire: instant.nullable(),
  createdAt: instant,
  state: z.enum(['unpaid', 'paid', 'closed']),
  tradeNo: z.string().nullable(),
  payer: z.string().nullable(),
  paidAt: instant.nullable(),
});
export type GatewayTrade = z.infer<typeof gatewayTrade>;

const gatewayRefund = z.object({
  channel,
  outTradeNo: z.string(),
  refundNo: z.string(),
  amountFen: fen,
  createdAt: instant,
});
export type GatewayRefund = z.infer<typeof gatewayRefund>;

/** A payout of the merchant's. Names and bank accounts are not stored. */
const payout = z.object({
  kind: z.enum(['alipay', 'balance', 'bank']),
  /** The merchant's number. */
  number: z.string(),
  content: z.string(),
  paymentNo: z.string(),
  amountFen: fen,
  openId: z.string().nullable(),
  createdAt: instant,
});
export type Payout = z.infer<typeof payout>;

const merchant = z.object({
  channel,
  id: z.string(),
  name: z.string(),
  appId: z.string(),
  mchId: z.string().nullable(),
  certName: z.string().nullable(),
  createdAt: instant,
});
export type GatewayMerchant = z.infer<typeof merchant>;

const authorizationCode = z.object({
  code: z.string(),
  redirectUri: z.string(),
  scope: z.string(),
  expiresAt: instant,
});

export const backOfficeState = z.object({
  /** Other accounts with 旭宇, to which cards can be transferred. */
  accounts: z.array(z.string()).default(['liuka-agent-1', 'liuka-agent-2']),
  notes: z.record(z.string(), cardNotes).default({}),
  /** Cards that are being stopped or resumed, by ICCID. */
  switching: z.record(z.string(), z.enum(['stop', 'resume'])).default({}),
  cardTransfers: z.array(cardTransfer).default([]),
  imports: z.array(cardImport).default([]),
  dataCardBatches: z.array(dataCardBatch).default([]),
  /** Vouchers that were used or changed, by number. */
  dataCardMarks: z.record(z.string(), dataCardMark).default({}),
  trades: z.array(gatewayTrade).default([]),
  tradeRefunds: z.array(gatewayRefund).default([]),
  payouts: z.array(payout).default([]),
  merchants: z.array(merchant).default([]),
  authorizationCodes: z.array(authorizationCode).default([]),
});

/** An empty back office. */
export const newBackOfficeState = () => backOfficeState.parse({});
