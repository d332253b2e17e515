import { isYounger } from '../lib/age';
import { ApiError } from '../lib/api-error';
import { inTimeOrRefuse, orRefuse } from '../platforms/or-refuse';
import type { CardRow } from '../store/schema';
import type { CardContext } from './card-context';
import { saveReport } from './card-queries';
import type { FetchedReport, StoredReport } from './report-parts';
import { keepLastKnown } from './report-parts';

/** How old a stored report may be if one card is shown. */
export const REPORT_TTL_MS = 60_000;
/** How old it may be if many cards are listed. */
export const LIST_REPORT_TTL_MS = 10 * 60_000;
/** How old it may be if a part of it was unreadable. */
const INCOMPLETE_REPORT_TTL_MS = 15_000;
/** How long a reader waits for a new report if one is stored. */
const WAIT_MS = 1_500;
/** How long a reader waits for the first report of a card. */
const FIRST_WAIT_MS = 5_000;

function readSavedReport({ report, fetched_at: fetchedAt }: CardRow): FetchedReport | undefined {
  if (report === null || fetchedAt === null) return undefined;
  // Only `saveReport` writes this column.
  return { report: JSON.parse(report) as StoredReport, fetchedAt };
}

async function queryReport(
  { store, clock, platforms }: CardContext,
  card: CardRow,
): Promise<FetchedReport> {
  const platform = platforms.find(card.platform);
  if (!platform) throw new ApiError('card.not_found');
  const answered = await orRefuse(() => platform.report(card.ref));
  if (!answered) throw new ApiError('card.not_found');
  const fetchedAt = clock();
  const report = keepLastKnown(answered, readSavedReport(card));
  await saveReport(store, card.id, report, fetchedAt);
  return { report, fetchedAt };
}

/**
 * Queries the platform for a new report and stores it. Concurrent calls for a card share one query, which goes
 * on if a caller stops waiting.
 * @throws ApiError `card.not_found`, `platform.unavailable`, `platform.busy`
 */
function fetchReport(context: CardContext, card: CardRow): Promise<FetchedReport> {
  return context.cardState.reportQueries(card.id, () => {
    const query = queryReport(context, card);
    context.background.add(query);
    return query;
  });
}

/**
 * A new report, if the platform sends it in time.
 * @throws ApiError as `fetchReport`
 */
export function fetchReportInTime(context: CardContext, card: CardRow): Promise<FetchedReport> {
  return inTimeOrRefuse(fetchReport(context, card), FIRST_WAIT_MS);
}

/**
 * The stored report if it is recent enough, else a new one; the stored one of any age if the platform
 * does not answer soon.
 * @throws ApiError as `fetchReport` if no report is stored
 */
export async function readReport(
  context: CardContext,
  card: CardRow,
  maxAgeMs: number,
): Promise<FetchedReport> {
  const saved = readSavedReport(card);
  const isExpired = card.refetch === 1;
  const isComplete = (saved?.report.unreadable ?? []).length === 0;
  const ttlMs = isComplete ? maxAgeMs : Math.min(maxAgeMs, INCOMPLETE_REPORT_TTL_MS);
  if (saved && !isExpired && isYounger(saved.fetchedAt, ttlMs, context.clock())) return saved;
  try {
    return await inTimeOrRefuse(fetchReport(context, card), saved ? WAIT_MS : FIRST_WAIT_MS);
  } catch (error) {
    if (saved && error instanceof ApiError) return { ...saved, isOutdated: true };
    throw error;
  }
}
