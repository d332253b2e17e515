import type { OrderState } from '@shared/order-state';

/**
 * The tables. Types that SQLite and PostgreSQL both know: ids and JSON are TEXT, instants are epoch
 * milliseconds and amounts are fen in BIGINT, flags are 0 or 1.
 */
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
  deliveries: DeliveryRow;
  jobs: JobRow;
  idempotency_keys: IdempotencyKeyRow;
  package_prices: PackagePriceRow;
  notifications: NotificationRow;
  alerts: AlertRow;
  reconciliations: ReconciliationRow;
  differences: DifferenceRow;
  staff: StaffRow;
  staff_sessions: StaffSessionRow;
  audit: AuditRow;
  tokens: TokenRow;
}

export interface UserRow {
  id: string;
  app_id: string;
  openid: string;
  created_at: number;
}

export interface SessionRow {
  /** SHA-256 of the token; the token itself is nowhere. */
  token_hash: string;
  user_id: string;
  expires_at: number;
  created_at: number;
}

export interface CardRow {
  id: string;
  platform: string;
  /** What its platform calls it. */
  ref: string;
  /** Null as long as nobody has told more than its end. */
  iccid: string | null;
  access_number: string | null;
  carrier: string;
  /** The platform's last report, as JSON; null before the first. */
  report: string | null;
  fetched_at: number | null;
  /** Something happened to the card since: the report is to be asked for anew. */
  refetch: 0 | 1;
  created_at: number;
}

/** Who has looked a card up, and so may see it again by its id. */
export interface CardSightingRow {
  user_id: string;
  card_id: string;
  seen_at: number;
}

export interface WalletCardRow {
  user_id: string;
  card_id: string;
  nickname: string | null;
  added_at: number;
}

/** The device a card is in; a device is in one card's tie at most. */
export interface CardDeviceRow {
  card_id: string;
  device_id: string;
  tied_at: number;
  /** Who said so: a customer who holds the card, or one of the staff; the other is null. */
  user_id: string | null;
  staff_id: string | null;
}

/** When a person last proved to have a card at hand. */
export interface CardPossessionRow {
  user_id: string;
  card_id: string;
  proven_at: number;
}

/** A device that was to be taken from everybody, written down before it is asked for. */
export interface DeviceReleaseRow {
  id: string;
  device_id: string;
  /** The card it was tied to; null where staff released one that was not. */
  card_id: string | null;
  user_id: string | null;
  staff_id: string | null;
  /** Why, where staff did it. */
  reason: string | null;
  /** How many people were to lose it. */
  holders: number;
  /** `asked` until an answer came. */
  outcome: 'asked' | 'done' | 'refused' | 'unknown';
  asked_at: number;
}

export interface OrderRow {
  id: string;
  number: string;
  user_id: string;
  card_id: string;
  platform: string;
  /** What the platform calls the card. */
  card_ref: string;
  iccid: string | null;
  openid: string;
  /** The payment channel its number is known to. */
  channel: string;
  package_id: string;
  package_name: string;
  package_data_mb: number;
  effective: 'now' | 'nextMonth';
  effective_from: number;
  amount_fen: number;
  /** What it cost the shop when it was ordered; null where its platform does not say. */
  cost_fen: number | null;
  state: OrderState;
  /** When the state was entered: what its clock counts from. */
  state_since: number;
  /** Grows with every change of state; changes compare it. */
  version: number;
  /** User, card and package while the order can be paid, so that there is one such order; else null. */
  open_key: string | null;
  pay_before: number;
  cancel_requested_at: number | null;
  paid_at: number | null;
  delivered_at: number | null;
  transaction_id: string | null;
  created_at: number;
}

/** What happened to an order, append only. */
export interface OrderEventRow {
  id: string;
  order_id: string;
  /** The order's version that the event left: with the id, it says which event came after which. */
  version: number;
  at: number;
  type: string;
  detail: string | null;
}

/** What was asked of platforms for an order, and what they said, append only. */
export interface UpstreamCallRow {
  id: string;
  order_id: string;
  at: number;
  operation: string;
  outcome: string;
}

/** Money the channel says it took, append only. */
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
  /** What is given back, in part or whole. */
  capture_id: string;
  /** Our refund number at the channel: a repeat of it never pays back twice. */
  number: string;
  amount_fen: number;
  reason: string;
  /**
   * `requested` until the channel has acknowledged it, `waiting` while the merchant's balance does not
   * cover it. `failed`: the channel will not do it; a person has to.
   */
  state: 'requested' | 'waiting' | 'processing' | 'done' | 'failed';
  state_since: number;
  /** Grows with every change of state; changes compare it. */
  version: number;
  /** The member of the staff who asked for it; null where the rules did. */
  staff_id: string | null;
  created_at: number;
  updated_at: number;
}

/** A package ordered by us at a platform, written down before it is asked for. */
export interface DeliveryRow {
  order_id: string;
  platform: string;
  asked_at: number;
  /** `asked` until an answer came; `unknown` if none did. */
  outcome: 'asked' | 'accepted' | 'refused' | 'unknown';
  /** How often the platform was asked for it, under the same number, and how often it refused. */
  tries: number;
  refusals: number;
  /** The platform's own number of it; null where it gave none, or its answer was lost. */
  reference: string | null;
  /**
   * What the card held of the package before, in the platform's words. Of platforms that cannot be asked
   * by our number: null means that nothing was ordered yet.
   */
  held_before: string | null;
  /** Card and package while it is under way on such a platform, so that there is one; else null. */
  running_key: string | null;
}

/** A package that its platform leaves it to the shop to price. */
export interface PackagePriceRow {
  platform: string;
  package_id: string;
  name: string;
  /** What it cost the shop when it was last seen; null where the platform does not say. */
  cost_fen: number | null;
  seen_at: number;
  /** What customers pay; null until somebody says. */
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
  /** Grows whenever the job is scheduled anew, so that a finishing worker does not undo that. */
  generation: number;
  lease_token: string | null;
  lease_until: number | null;
}

export interface IdempotencyKeyRow {
  user_id: string;
  key: string;
  request_hash: string;
  order_id: string;
  /** The stored answer, as JSON; null until there was one. */
  answer: string | null;
  created_at: number;
}

export interface NotificationRow {
  id: string;
  channel: string;
  /** The channel's own id, or what stands for it: the same thing told again has the same one. */
  external_id: string;
  kind: 'payment' | 'refund' | 'delivery';
  /** As the notification names it: there need not be such an order. */
  order_number: string;
  /** The payment it tells of, where its channel signs. */
  transaction_id: string | null;
  received_at: number;
  /** How often it came. */
  deliveries: number;
  /** When the order it names had been looked at because of it; null until then. */
  handled_at: number | null;
}

/** Something a person has to look at. */
export interface AlertRow {
  id: string;
  kind: string;
  /** What it is about: the id of an order, or the day of a reconciliation. */
  subject: string;
  /** Kind and subject while it is open, so that there is one such alert; else null. */
  open_key: string | null;
  detail: string | null;
  raised_at: number;
  settled_at: number | null;
}

/** The comparison of one day's books with those of the channel and the platform. */
export interface ReconciliationRow {
  id: string;
  /** A Beijing calendar day, YYYY-MM-DD. */
  day: string;
  channel: string;
  compared_at: number;
  /** What each side says was taken and given back on that day, in fen. */
  taken_here_fen: number;
  taken_there_fen: number;
  returned_here_fen: number;
  returned_there_fen: number;
}

export interface DifferenceRow {
  id: string;
  day: string;
  channel: string;
  kind:
    | 'paidThereNotHere'
    | 'paidHereNotThere'
    | 'amountDiffers'
    | 'deliveredUnpaid'
    | 'paidUndelivered'
    | 'refundDiffers';
  order_number: string;
  /** The transaction or refund number it is about, where there is one; else empty. */
  reference: string;
  here_fen: number | null;
  there_fen: number | null;
  /** Whether the rules settle it by themselves; a person must look at the others. */
  automatic: 0 | 1;
  found_at: number;
  settled_at: number | null;
}

export interface StaffRow {
  id: string;
  username: string;
  password_hash: string;
  role: 'agent' | 'supervisor' | 'admin';
  created_at: number;
}

export interface StaffSessionRow {
  token_hash: string;
  staff_id: string;
  expires_at: number;
  created_at: number;
}

/** Who of the staff looked at or did what, append only. */
export interface AuditRow {
  id: string;
  at: number;
  staff_id: string;
  action: string;
  subject: string;
  request_id: string;
}

/** A platform's access token, for all processes, and who is getting the next one. */
export interface TokenRow {
  platform: string;
  /** How many tokens there have been; 0 before the first. */
  generation: number;
  /** The token, encrypted; null before the first, and once it was refused. */
  sealed: string | null;
  /** When it was asked for, and when it runs out. */
  asked_at: number | null;
  expires_at: number | null;
  /** Attempts in a row that brought none, or one that was refused soon. */
  failures: number;
  /** Nobody asks again before. */
  retry_at: number | null;
  lease_token: string | null;
  lease_until: number | null;
}
