import { z } from 'zod';

/** What 旭宇 keeps for a shop beside its cards and orders. Instants are epoch ms in sandbox time. */
const instant = z.number();
const fen = z.int().nonnegative();

/** What the shop noted of a card, and to whom it passed it on. */
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

/** 充值卡 made together: `quantity` numbers from `first` on, of the day they were made on. */
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

/** A payment of 支付网关v2 that is for no package of 旭宇's. */
const gatewayTrade = z.object({
  channel,
  outTradeNo: z.string(),
  /** What the first request said, to compare later ones with. */
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

/** Money the merchant paid somebody. Neither names nor bank accounts are kept. */
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
  /** Accounts of others with 旭宇, whom cards can be passed on to. */
  accounts: z.array(z.string()).default(['liuka-agent-1', 'liuka-agent-2']),
  notes: z.record(z.string(), cardNotes).default({}),
  /** Cards on their way to being stopped or resumed, by ICCID. */
  switching: z.record(z.string(), z.enum(['stop', 'resume'])).default({}),
  cardTransfers: z.array(cardTransfer).default([]),
  imports: z.array(cardImport).default([]),
  dataCardBatches: z.array(dataCardBatch).default([]),
  /** 充值卡 that something happened to, by number. */
  dataCardMarks: z.record(z.string(), dataCardMark).default({}),
  trades: z.array(gatewayTrade).default([]),
  tradeRefunds: z.array(gatewayRefund).default([]),
  payouts: z.array(payout).default([]),
  merchants: z.array(merchant).default([]),
  authorizationCodes: z.array(authorizationCode).default([]),
});

/** An office nobody has worked in yet. */
export const newBackOfficeState = () => backOfficeState.parse({});
