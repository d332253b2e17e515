import type { Transaction } from 'kysely';
import { newId } from '../store/ids';
import type { AlertRow, Database } from '../store/schema';
import type { Store } from '../store/store';

/** What a person has to look at, because the rules cannot settle it by themselves. */
const alertKinds = [
  /** A delivery of which the platform does not say what became. */
  'deliveryUnknown',
  /** Money that does not fit its order, and that the rules must not send back by themselves. */
  'paymentDiffers',
  /** The channel refuses a refund, or it cannot arrive. */
  'refundFailed',
  /** Refunds wait until the merchant's balance at the channel covers them. */
  'refundWaiting',
  /** The channel tells of an order we do not have. */
  'orderMissing',
  /** An order's payment channel is not configured any more. */
  'channelMissing',
  /** An order's card platform is not configured any more. */
  'platformMissing',
  /** What the shop has left with a platform does not cover what was paid for, or sold. */
  'balanceLow',
  /** A package is off the shelf: it costs the shop more than its customers would pay. */
  'priceBelowCost',
  /** An order that should have been settled by now, mostly because a platform does not answer. */
  'orderStuck',
  /** A refund of which the channel does not say that it got it. */
  'refundStuck',
  /** A job that fails again and again. */
  'jobStuck',
  /** The books of a day differ from those of the channel or the platform. */
  'booksDiffer',
] as const;
export type AlertKind = (typeof alertKinds)[number];

type Writer = Store | Transaction<Database>;

export interface Alert {
  kind: AlertKind;
  /** The id of an order, or what else it is about. */
  subject: string;
  /** Tells alerts of one kind and subject apart; the subject itself unless given. */
  key?: string;
  detail?: string | null;
  now: number;
}

/** Calls a person, once for as long as the alert is open. */
export async function raiseAlert(writer: Writer, alert: Alert): Promise<void> {
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

/** Closes what is open about a subject: all of it, or the kinds named. */
export async function resolveAlerts(
  writer: Writer,
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

/** Closes the alerts of some kinds that were raised under a key. */
export async function resolveAlertsOfKey(
  writer: Writer,
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

/** Whether a kind of alert is open about a subject. */
export async function isAlertOpen(
  reader: Writer,
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

/** How many alerts of each kind are open. */
export async function countOpenAlerts(store: Store): Promise<Map<string, number>> {
  const rows = await store
    .selectFrom('alerts')
    .select(['kind', (eb) => eb.fn.countAll<number>().as('open')])
    .where('open_key', 'is not', null)
    .groupBy('kind')
    .execute();
  return new Map(rows.map(({ kind, open }) => [kind, open]));
}
