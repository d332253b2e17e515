import { beijingDate } from '@shared/beijing-time';
import type { ApiResponse } from '@shared/contract';
import { PlatformUnavailable } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import type { ReconciliationParts } from '../reconciliation/reconcile-day';
import { reconcileDay } from '../reconciliation/reconcile-day';
import { channelsToCompare } from '../reconciliation/reconciliation-job';
import {
  listDifferences,
  listReconciliations,
  listReconciliationsOfDay,
} from '../reconciliation/reconciliation-queries';
import { rfc3339 } from '../lib/rfc3339';
import type { DifferenceRow, ReconciliationRow } from '../store/schema';
import type { Actor } from '../contract/caller';
import type { Audit } from '../accounts/audit';
import { requireRole } from '../accounts/audit';

type Page = ApiResponse<'GET /support/reconciliations'>;
type Reconciliation = Page['items'][number];

/** What staff see and do of the daily comparison. */
export function createSupportReconciliations(parts: ReconciliationParts & { audit: Audit }) {
  const { store, clock, audit } = parts;

  async function present(rows: readonly ReconciliationRow[]): Promise<Reconciliation[]> {
    const differences = await listDifferences(store, [...new Set(rows.map(({ day }) => day))]);
    return rows.map((row) =>
      presentReconciliation(
        row,
        differences.filter(({ day, channel }) => day === row.day && channel === row.channel),
      ),
    );
  }

  async function list(
    actor: Actor,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<Page> {
    await audit(actor, 'reconciliation.list', cursor ?? '');
    const rows = await listReconciliations(store, { limit, after: readCursor(cursor) });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = rows.length > limit && last ? `${last.day}|${last.channel}` : null;
    return { items: await present(page), nextCursor };
  }

  /** Channels without a bill are passed over: one that nobody paid through on that day has none. */
  async function reconcileAllChannels(day: string): Promise<void> {
    let compared = 0;
    for (const gateway of await channelsToCompare(parts)) {
      if ((await reconcileDay(parts, gateway, day)) === 'done') compared += 1;
    }
    if (compared === 0) throw new ApiError('reconciliation.not_ready');
  }

  /** @throws ApiError `staff.forbidden`, `reconciliation.not_ready`, `platform.unavailable` */
  async function run(actor: Actor, day: string): Promise<{ items: Reconciliation[] }> {
    await audit(actor, 'reconciliation.run', day);
    requireRole(actor, 'supervisor');
    if (day >= beijingDate(clock())) throw new ApiError('reconciliation.not_ready');
    try {
      await reconcileAllChannels(day);
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      throw new ApiError('platform.unavailable', { cause: error });
    }
    return { items: await present(await listReconciliationsOfDay(store, day)) };
  }

  return { list, run };
}

export type SupportReconciliations = ReturnType<typeof createSupportReconciliations>;

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
