import type { OrderState } from '@shared/order-state';

/**
 * The tables. Types that SQLite and PostgreSQL both know: ids and JSON are TEXT, instants are epoch
 * milliseconds and amounts are fen in BIGINT, flags are 0 or 1.
 */
import type { DifferenceRow, ReconciliationRow } from './reconciliation-rows';

export type { DifferenceRow, ReconciliationRow };

export interface Database {
  users: UserRow;
  sessions: SessionRow;
  cards: CardRow;
  card_sightings: CardSightingRow;
  wallet_cards: WalletCardRow;
  card_devices: CardDeviceRow;
  card_possessions: CardPossessionRow;
  device_releases: DeviceReleaseRow;
  orders: OrderRow;
  order_events: OrderEventRow;
  upstream_calls: UpstreamCallRow;
  captures: CaptureRow;
  refunds: RefundRow;
  refund_settlements: RefundSettlementRow;
  staff_idempotency_keys: StaffIdempotencyKeyRow;
  deliveries: DeliveryRow;
  jobs: JobRow;
  idempotency_keys: IdempotencyKeyRow;
  package_prices: PackagePriceRow;
  sale_locks: SaleLockRow;
  notifications: NotificationRow;
  alerts: AlertRow;
  reconciliations: ReconciliationRow;
  differences: DifferenceRow;
  staff: StaffRow;
  staff_sessions: StaffSessionRow;
  audit: AuditRow;
  tokens: TokenRow;
}

interface UserRow {
  id: string;
  app_id: string;
  openid: string;
  created_at: number;
}

interface SessionRow {
  /** SHA-256 of the token; the token itself is not stored. */
  token_hash: string;
  user_id: string;
  expires_at: number;
  created_at: number;
}

export interface CardRow {
  id: string;
  platform: string;
  /** Its platform's reference. */
  ref: string;
  /** Null until more than its suffix is known. */
  iccid: string | null;
  access_number: string | null;
  carrier: string;
  /** The platform's last report, as JSON; null before the first. */
  report: string | null;
  fetched_at: number | null;
  /** Whether the report is outdated and must be fetched again. */
  refetch: 0 | 1;
  created_at: number;
}

/** Users who have looked a card up and so may read it by its id. */
interface CardSightingRow {
  user_id: string;
  card_id: string;
  seen_at: number;
}

interface WalletCardRow {
  user_id: string;
  card_id: string;
  nickname: string | null;
  added_at: number;
}

/** The device that a card is bound to; a device is bound to one card at most. */
export interface CardDeviceRow {
  card_id: string;
  device_id: string;
  tied_at: number;
  /** Who bound it: a customer with the card in their wallet, or a member of the staff; the other is null. */
  user_id: string | null;
  staff_id: string | null;
}

/** When a user last proved possession of a card. */
interface CardPossessionRow {
  user_id: string;
  card_id: string;
  proven_at: number;
}

/** A release of a device from all its users, recorded before it is requested. */
export interface DeviceReleaseRow {
  id: string;
  device_id: string;
  /** The card it was bound to; null if staff released an unbound device. */
  card_id: string | null;
  user_id: string | null;
  staff_id: string | null;
  /** The reason, if staff released it. */
  reason: string | null;
  /** How many users it had. */
  holders: number;
  /** `asked` until there is a response. */
  outcome: 'asked' | 'done' | 'refused' | 'unknown';
  asked_at: number;
}

export interface OrderRow {
  id: string;
  number: string;
  user_id: string;
  card_id: string;
  platform: string;
  /** The platform's reference of the card. */
  card_ref: string;
  iccid: string | null;
  openid: string;
  /** The payment channel that it is registered with. */
  channel: string;
  package_id: string;
  package_name: string;
  /** `UNSTATED_DATA_MB` if the platform does not state it. */
  package_data_mb: number;
  effective: 'now' | 'nextMonth';
  effective_from: number;
  /** The last day of the billing months by which the package was sold (`shared/billing-month.ts`). */
  settlement_day: number;
  /** Null for orders that were placed before it was stored. */
  effective_until: number | null;
  amount_fen: number;
  /** The merchant's cost when it was ordered; null if the platform does not tell. */
  cost_fen: number | null;
  state: OrderState;
  /** When the state was entered; check intervals and deadlines count from it. */
  state_since: number;
  /** Grows with every change of state; changes compare it. */
  version: number;
  /**
   * User, card and package while the order can be paid, unique so that there is one such order; else null.
   */
  open_key: string | null;
  pay_before: number;
  cancel_requested_at: number | null;
  paid_at: number | null;
  delivered_at: number | null;
  transaction_id: string | null;
  created_at: number;
}

/** The events of an order, append-only. */
export interface OrderEventRow {
  id: string;
  order_id: string;
  /** The order's version after the event; with the id it orders the events. */
  version: number;
  at: number;
  type: string;
  detail: string | null;
}

/** The calls to platforms for an order with their results, append-only. */
export interface UpstreamCallRow {
  id: string;
  order_id: string;
  at: number;
  operation: string;
  outcome: string;
}

/** Payments that the channel has confirmed, append-only. */
export interface CaptureRow {
  id: string;
  order_id: string;
  channel: string;
  transaction_id: string;
  amount_fen: number;
  paid_at: number;
}

export interface RefundRow {
  id: string;
  order_id: string;
  /** The capture that is refunded, in part or in full. */
  capture_id: string;
  /** Our refund number at the channel, which is idempotent. */
  number: string;
  amount_fen: number;
  reason: string;
  /**
   * `requested` until the channel has acknowledged it, `waiting` while the merchant's balance does not
   * cover it. `failed`: the channel refused it. `abnormal`: the channel accepted it and cannot pay it out.
   * `closed`: the channel ended this number without paying; another refund may replace it.
   * `settledOutside`: the customer was paid without the channel.
   */
  state:
    | 'requested'
    | 'waiting'
    | 'processing'
    | 'done'
    | 'failed'
    | 'abnormal'
    | 'closed'
    | 'settledOutside';
  state_since: number;
  /** Grows with every change of state; changes compare it. */
  version: number;
  /** The member of the staff who requested it; null if the rules did. */
  staff_id: string | null;
  /** The closed refund whose place it takes; null for the first one. */
  replaces_id: string | null;
  /** `channel`: made in the channel's own console and recorded here afterwards. */
  origin: 'shop' | 'channel';
  /** Where staff sent the money of an abnormal refund; null if they did not. */
  redirected_to: 'userBankCard' | 'merchant' | null;
  created_at: number;
  updated_at: number;
}

/** A member of the staff asks to record that a customer was paid outside the channel; another decides. */
export interface RefundSettlementRow {
  id: string;
  refund_id: string;
  /** The refund's id while the settlement waits for a decision, else null: one at a time. */
  open_key: string | null;
  /** How the customer was paid. */
  evidence: string;
  requested_by: string;
  requested_at: number;
  decision: 'approved' | 'rejected' | null;
  decided_by: string | null;
  decided_at: number | null;
}

/** An idempotency key of a member of the staff. A key belongs to one order. */
export interface StaffIdempotencyKeyRow {
  staff_id: string;
  key: string;
  request_hash: string;
  order_id: string;
  /** The first answer, as JSON. */
  answer: string;
  created_at: number;
}

/** A package that we order at a platform, recorded before it is ordered. */
export interface DeliveryRow {
  order_id: string;
  platform: string;
  asked_at: number;
  /** `asked` until there is a response; `unknown` if there was none. */
  outcome: 'asked' | 'accepted' | 'refused' | 'unknown';
  /** How often it was ordered, under the same number, and how often it was refused. */
  tries: number;
  refusals: number;
  /** The platform's order number; null if it gave none, or its response was lost. */
  reference: string | null;
  /**
   * A snapshot of the card's packages before the order, in the platform's format. Only for platforms that
   * cannot be queried by our number: there, null means that nothing was ordered yet.
   */
  held_before: string | null;
  /** Card and package while it is in progress on such a platform, unique as a lock; else null. */
  running_key: string | null;
  /** How long the platform's list has provably lacked the order since its delivery became unknown, in ms. */
  absent_ms: number;
  /** The latest time of the platform at which the order was missing, in epoch ms; null if it gave none. */
  absent_at: number | null;
}

/** A package whose price the merchant sets. */
export interface PackagePriceRow {
  platform: string;
  package_id: string;
  name: string;
  /** The merchant's cost when it was last seen; null if the platform does not tell. */
  cost_fen: number | null;
  seen_at: number;
  /** The price for customers; null until it is set. */
  price_fen: number | null;
  priced_at: number | null;
  staff_id: string | null;
}

export interface JobRow {
  id: string;
  kind: string;
  subject_id: string;
  run_at: number;
  attempts: number;
  /** Grows whenever the job is scheduled again, so that a worker that finishes does not undo that. */
  generation: number;
  lease_token: string | null;
  lease_until: number | null;
}

export interface IdempotencyKeyRow {
  user_id: string;
  key: string;
  request_hash: string;
  order_id: string;
  /** The stored response, as JSON; null until there is one. */
  answer: string | null;
  created_at: number;
}

/** Locked by a sale while it checks the prepaid balance with a platform. */
interface SaleLockRow {
  platform: string;
  locked_at: number;
}

export interface NotificationRow {
  id: string;
  channel: string;
  /** The channel's id, or a substitute: repeated notifications have the same one. */
  external_id: string;
  kind: 'payment' | 'refund' | 'delivery';
  /** As in the notification: such an order need not exist. */
  order_number: string;
  /** The transaction, if its channel signs notifications. */
  transaction_id: string | null;
  /** The refund it is about, as the channel names it; null if it is about none, or unsigned. */
  refund_number: string | null;
  received_at: number;
  /** How often it was received. */
  deliveries: number;
  /** When it was handled; null until then. */
  handled_at: number | null;
}

/** Something that needs a person. */
export interface AlertRow {
  id: string;
  kind: string;
  /** The id of an order, or the day of a reconciliation. */
  subject: string;
  /** Kind and subject while it is open, unique so that there is one such alert; else null. */
  open_key: string | null;
  detail: string | null;
  raised_at: number;
  settled_at: number | null;
}

export interface StaffRow {
  id: string;
  username: string;
  password_hash: string;
  role: 'agent' | 'supervisor' | 'admin';
  created_at: number;
}

interface StaffSessionRow {
  token_hash: string;
  staff_id: string;
  expires_at: number;
  created_at: number;
}

/** What members of the staff read and did, append-only. */
interface AuditRow {
  id: string;
  at: number;
  staff_id: string;
  action: string;
  subject: string;
  request_id: string;
}

/** A platform's access token, shared by all processes, and the lease to request the next one. */
export interface TokenRow {
  platform: string;
  /** The number of tokens so far; 0 before the first. */
  generation: number;
  /** The encrypted token; null before the first, and after it was refused. */
  sealed: string | null;
  /** When it was requested, and when it expires. */
  asked_at: number | null;
  expires_at: number | null;
  /** Consecutive attempts that failed or got a token that was soon refused. */
  failures: number;
  /** No process requests a token before this instant. */
  retry_at: number | null;
  lease_token: string | null;
  lease_until: number | null;
}
