import { z } from 'zod';
import { faults } from './faults';

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

const prepay = z.object({ prepayId: z.string(), outTradeNo: z.string(), expiresAt: instant });
export type Prepay = z.infer<typeof prepay>;

const refund = z.object({
  outRefundNo: z.string(),
  outTradeNo: z.string(),
  amountFen: fen,
  status: z.enum(['PROCESSING', 'SUCCESS']),
  createdAt: instant,
});
export type Refund = z.infer<typeof refund>;

const notification = z.object({
  id: z.string(),
  event: z.enum(['paid', 'delivered', 'deliveryFailed', 'refunded']),
  outTradeNo: z.string(),
  orderNo: z.string(),
  url: z.string(),
  state: z.enum(['pending', 'taken', 'givenUp']),
  nextAttemptAt: instant.nullable(),
  attempts: z.array(
    z.object({
      at: instant,
      /** A second copy outside the schedule. */
      extra: z.boolean(),
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
  z.object({ kind: z.literal('refundEnds'), at: instant, outRefundNo: z.string() }),
  z.object({
    kind: z.literal('notify'),
    at: instant,
    notificationId: z.string(),
    extra: z.boolean(),
  }),
]);
export type DueEvent = z.infer<typeof dueEvent>;

const delivery = z.object({
  outTradeNo: z.string(),
  iccid: z.string(),
  productId: z.string(),
  at: instant,
});

export const sandboxState = z.object({
  version: z.literal(1),
  seed: z.string(),
  clockOffsetMs: z.number(),
  faults,
  token: z
    .object({ value: z.string(), scopes: z.array(z.string()), expiresAt: instant })
    .nullable(),
  people: z.array(z.object({ user: z.string(), openId: z.string() })),
  loginCodes: z.array(z.object({ code: z.string(), openId: z.string(), expiresAt: instant })),
  cards: z.array(simCard),
  orders: z.array(platformOrder),
  prepays: z.array(prepay),
  refunds: z.array(refund),
  notifications: z.array(notification),
  deliveries: z.array(delivery),
  /** Ordered by instant. */
  agenda: z.array(dueEvent),
});
export type SandboxState = z.infer<typeof sandboxState>;
