import { beijingDate } from '@shared/beijing-time';
import type { ApiResponse } from '@shared/contract';
import { PlatformUnavailable } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import { reconcileDay } from '../reconciliation/reconcile-day';
import { channelsToCompare } from '../reconciliation/reconciliation-job';
import {
  listDifferences,
  listReconciliations,
  listReconciliationsOfDay,
} from '../reconciliation/reconciliation-queries';
import { rfc3339 } from '../lib/rfc3339';
import type { DifferenceRow, ReconciliationRow } from '../store/schema';
import type { Store } from '../store/store';
import type { StoreAndClock, SupportContext } from './support-context';
import type { Actor } from '../contract/caller';
import type { AuditEntry } from '../accounts/audit-queries';
import { recordAudit } from '../accounts/audit-queries';

type Page = ApiResponse<'GET /support/reconciliations'>;
type Reconciliation = Page['items'][number];

/** What the audit log records about a reconciliation, allowed or forbidden. */
export function reconciliationAuditEntry(day: string): AuditEntry {
  return { action: 'reconciliation.run', subject: day };
}

async function present(
  store: Store,
  rows: readonly ReconciliationRow[],
): Promise<Reconciliation[]> {
  const differences = await listDifferences(store, [...new Set(rows.map(({ day }) => day))]);
  return rows.map((row) =>
    presentReconciliation(
      row,
      differences.filter(({ day, channel }) => day === row.day && channel === row.channel),
    ),
  );
}

/** The reconciliations with their differences, newest day first. */
export async function listReconciliationsForStaff(
  context: StoreAndClock,
  actor: Actor,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page> {
  const { store } = context;
  await recordAudit(context, actor, { action: 'reconciliation.list', subject: cursor ?? '' });
  const rows = await listReconciliations(store, { limit, after: readCursor(cursor) });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last ? `${last.day}|${last.channel}` : null;
  return { items: await present(store, page), nextCursor };
}

/**
 * Channels without a bill are skipped: a channel without payments on a day has none.
 * @throws ApiError `reconciliation.not_ready` if no channel has one
 */
async function reconcileAllChannels(context: SupportContext, day: string): Promise<void> {
  let reconciled = 0;
  for (const gateway of await channelsToCompare(context)) {
    if ((await reconcileDay(context, gateway, day)) === 'done') reconciled += 1;
  }
  if (reconciled === 0) throw new ApiError('reconciliation.not_ready');
}

/**
 * Reconciles a past Beijing day (YYYY-MM-DD) with all channels now.
 * @throws ApiError `reconciliation.not_ready`, `platform.unavailable`
 */
export async function reconcileForStaff(
  context: SupportContext,
  actor: Actor,
  day: string,
): Promise<Reconciliation[]> {
  const { store, clock } = context;
  await recordAudit(context, actor, reconciliationAuditEntry(day));
  if (day >= beijingDate(clock())) throw new ApiError('reconciliation.not_ready');
  try {
    await reconcileAllChannels(context, day);
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    throw new ApiError('platform.unavailable', { cause: error });
  }
  return present(store, await listReconciliationsOfDay(store, day));
}

function readCursor(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const [day = '', channel = ''] = cursor.split('|');
  return { day, channel };
}

function presentReconciliation(
  row: ReconciliationRow,
  differences: readonly DifferenceRow[],
): Reconciliation {
  return {
    day: row.day,
    channel: row.channel,
    comparedAt: rfc3339(row.compared_at),
    takenHereFen: row.taken_here_fen,
    takenThereFen: row.taken_there_fen,
    returnedHereFen: row.returned_here_fen,
    returnedThereFen: row.returned_there_fen,
    differences: differences.map((difference) => ({
      kind: difference.kind,
      orderNumber: difference.order_number,
      reference: difference.reference,
      hereFen: difference.here_fen,
      thereFen: difference.there_fen,
      automatic: difference.automatic === 1,
      foundAt: rfc3339(difference.found_at),
      settledAt: difference.settled_at === null ? null : rfc3339(difference.settled_at),
    })),
  };
}
