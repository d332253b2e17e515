import { newId } from '../store/ids';
import type { AlertRow } from '../store/schema';
import type { Store, StoreOrTx } from '../store/store';

/** Kinds of alerts. An alert calls a person for something that the rules cannot settle by themselves. */
const alertKinds = [
  /** The outcome of a delivery is unknown. */
  'deliveryUnknown',
  /** A payment does not match its order, and the rules must not refund it by themselves. */
  'paymentDiffers',
  /** The channel refuses a refund. */
  'refundFailed',
  /** The channel cannot pay a refund out, and a person decides where the money goes. */
  'refundAbnormal',
  /** The channel closed a refund without paying. Another one replaces it. */
  'refundClosed',
  /** A refund waits until the merchant's balance at the channel covers it. */
  'refundWaiting',
  /** The channel sent a notification about an unknown order. */
  'orderMissing',
  /** An order's payment channel is not configured any more. */
  'channelMissing',
  /** An order's card platform is not configured any more. */
  'platformMissing',
  /** The merchant's balance with a card platform does not cover what customers want to buy. */
  'balanceLow',
  /** A package is not on sale, because it costs the merchant more than its price. */
  'priceBelowCost',
  /** A package is not on sale, because its price or cost at the platform cannot be read. */
  'priceUnreadable',
  /** An order is not settled in time, mostly because a platform does not answer. */
  'orderStuck',
  /** The channel does not confirm that it received a refund. */
  'refundStuck',
  /** A job keeps failing. */
  'jobStuck',
  /** Our records of a day differ from those of the channel or the platform, or could not be compared. */
  'booksDiffer',
] as const;
export type AlertKind = (typeof alertKinds)[number];

export interface Alert {
  kind: AlertKind;
  /** What it is about: an order's id, a platform's name, or as the kind demands. */
  subject: string;
  /** Distinguishes alerts of one kind and subject. Default: the subject. */
  key?: string;
  detail?: string | null;
  now: number;
}

/** Raises an alert, unless one of the same kind and key is open. */
export async function raiseAlert(writer: StoreOrTx, alert: Alert): Promise<void> {
  const { kind, subject, key = subject, detail = null, now } = alert;
  await writer
    .insertInto('alerts')
    .values({
      id: newId(),
      kind,
      subject,
      open_key: `${kind}|${key}`,
      detail,
      raised_at: now,
      settled_at: null,
    })
    .onConflict((conflict) => conflict.column('open_key').doNothing())
    .execute();
}

/**
 * Raises an alert again if the open one of the same kind and key is older than `afterMs`.
 * @returns whether it was raised again
 */
export function renewAlert(store: Store, alert: Alert, afterMs: number): Promise<boolean> {
  const { kind, subject, key = subject, now } = alert;
  return store.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('alerts')
      .set({ settled_at: now, open_key: null })
      .where('open_key', '=', `${kind}|${key}`)
      .where('raised_at', '<=', now - afterMs)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await raiseAlert(tx, alert);
    return true;
  });
}

/** Resolves open alerts about a subject: all of them, or those of some kinds. */
export async function resolveAlerts(
  writer: StoreOrTx,
  subject: string,
  now: number,
  kinds: readonly AlertKind[] = alertKinds,
): Promise<void> {
  await writer
    .updateTable('alerts')
    .set({ settled_at: now, open_key: null })
    .where('subject', '=', subject)
    .where('kind', 'in', kinds)
    .where('open_key', 'is not', null)
    .execute();
}

/** Open alerts, oldest first. */
export function listOpenAlerts(store: Store, limit: number): Promise<AlertRow[]> {
  return store
    .selectFrom('alerts')
    .selectAll()
    .where('open_key', 'is not', null)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Resolves open alerts of some kinds that were raised with a key. */
export async function resolveAlertsOfKey(
  writer: StoreOrTx,
  key: string,
  now: number,
  kinds: readonly AlertKind[],
): Promise<void> {
  await writer
    .updateTable('alerts')
    .set({ settled_at: now, open_key: null })
    .where(
      'open_key',
      'in',
      kinds.map((kind) => `${kind}|${key}`),
    )
    .execute();
}

/** Open alerts about a subject, oldest first. */
export function listOpenAlertsOf(store: Store, subject: string): Promise<AlertRow[]> {
  return store
    .selectFrom('alerts')
    .selectAll()
    .where('subject', '=', subject)
    .where('open_key', 'is not', null)
    .orderBy('id')
    .execute();
}

/** Whether an alert of a kind is open about a subject. */
export async function isAlertOpen(
  reader: StoreOrTx,
  kind: AlertKind,
  subject: string,
): Promise<boolean> {
  const row = await reader
    .selectFrom('alerts')
    .select('id')
    .where('open_key', '=', `${kind}|${subject}`)
    .executeTakeFirst();
  return row !== undefined;
}

/** The number of open alerts, by kind. */
export async function countOpenAlerts(store: Store): Promise<Map<string, number>> {
  const rows = await store
    .selectFrom('alerts')
    .select(['kind', (eb) => eb.fn.countAll<number>().as('open')])
    .where('open_key', 'is not', null)
    .groupBy('kind')
    .execute();
  return new Map(rows.map(({ kind, open }) => [kind, open]));
}
