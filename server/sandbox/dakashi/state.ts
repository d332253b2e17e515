import { z } from 'zod';

/**
 * The state of the simulated 大卡师. Instants are epoch ms in sandbox time, amounts integer fen, volumes MB,
 * days Beijing dates as `YYYY-MM-DD`.
 */
const instant = z.number();
const fen = z.int();
const day = z.string();

const heldProduct = z.object({ productNo: z.string(), start: day, end: day });
export type HeldProduct = z.infer<typeof heldProduct>;

const card = z.object({
  serialNo: z.string(),
  /** Empty unless the agent has set one. */
  customNo: z.string(),
  iccid: z.string(),
  /** 0 off, 1 on, 2 not activated, 3 turning off, 4 turning on. */
  sim: z.enum(['0', '1', '2', '3', '4']),
  /** 0 offline, 1 online, 3 going offline, 4 going online. */
  gprs: z.enum(['0', '1', '3', '4']),
  /** Whether the pending change was requested, so that a callback follows. */
  powerAsked: z.boolean(),
  /** Used this month. */
  usedMb: z.int(),
  products: z.array(heldProduct),
});
export type AgentCard = z.infer<typeof card>;

const order = z.object({
  orderNo: z.string(),
  serialNo: z.string(),
  productNo: z.string(),
  /** 0 at once, 1 from next month. */
  effective: z.union([z.literal(0), z.literal(1)]),
  feeFen: fen,
  /** 0 queued, 1 in progress, 2 failed, 3 done. */
  status: z.enum(['0', '1', '2', '3']),
  createdAt: instant,
});
export type RechargeOrder = z.infer<typeof order>;

const prepaidCard = z.object({
  number: z.string(),
  password: z.string(),
  productNo: z.string(),
  /** 0 unused, 1 used, 2 frozen. */
  state: z.enum(['0', '1', '2']),
});
export type PrepaidCard = z.infer<typeof prepaidCard>;

const callback = z.object({
  id: z.string(),
  url: z.string(),
  /** The body as sent. */
  body: z.string(),
  attempts: z.array(z.object({ at: instant, taken: z.boolean() })),
});
export type Callback = z.infer<typeof callback>;

const delivery = z.object({ iccid: z.string(), productNo: z.string(), at: instant });

export const dakashiState = z.object({
  /** The callback URL; null if the agent has configured none. */
  callbackUrl: z.string().nullable(),
  /** The agent's prepaid balance. */
  balanceFen: fen,
  cards: z.array(card),
  orders: z.array(order),
  prepaidCards: z.array(prepaidCard),
  callbacks: z.array(callback),
  deliveries: z.array(delivery),
});
export type DakashiState = z.infer<typeof dakashiState>;

/** An event that is due for an order, a card or a callback. */
export const dakashiEvent = z.object({
  kind: z.literal('dakashi'),
  at: instant,
  what: z.enum(['orderBegins', 'orderEnds', 'stateEnds', 'callback', 'callbackCopy']),
  id: z.string(),
});
export type DakashiEvent = z.infer<typeof dakashiEvent>;
