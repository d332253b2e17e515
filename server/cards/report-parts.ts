import type { CardPart } from '@shared/card-parts';
import { cardParts } from '@shared/card-parts';
import { carriers } from '@shared/carrier-status';
import type { CardReport } from '../platforms/ports';
import type { CardRow } from '../store/schema';

/** A report as it is stored: an unreadable part may have the value of an earlier report. */
export interface StoredReport extends CardReport {
  /** When such a value was read, epoch ms. */
  lastKnownAt?: Partial<Record<CardPart, number>>;
}

/** A report, and when it was fetched (epoch ms). */
export interface FetchedReport {
  report: StoredReport;
  fetchedAt: number;
  /** Whether the platform did not answer a later query. */
  isOutdated?: boolean;
}

/** A part without a current value, and when the shown value was read (epoch ms; null: none is known). */
export interface UnreadablePart {
  part: CardPart;
  lastKnownAt: number | null;
}

/** Copies one part of a report to another. */
const copyPart: Readonly<Record<CardPart, (from: CardReport, to: StoredReport) => void>> = {
  status: ({ carrierCode }, to) => void (to.carrierCode = carrierCode),
  usage: ({ usage }, to) => void (to.usage = usage),
  packages: ({ packages }, to) => void (to.packages = packages),
  realName: ({ realName }, to) => void (to.realName = realName),
  expiry: ({ expiresAt }, to) => void (to.expiresAt = expiresAt),
};

/** When the value of a part in a report was read. */
function knownAt({ report, fetchedAt }: FetchedReport, part: CardPart): number | null {
  const isReadable = !(report.unreadable ?? []).includes(part);
  return isReadable ? fetchedAt : (report.lastKnownAt?.[part] ?? null);
}

/** Completes a report: its unreadable parts keep the values that an earlier report had. */
export function keepLastKnown(
  report: CardReport,
  previous: FetchedReport | undefined,
): StoredReport {
  const unreadable = report.unreadable ?? [];
  if (!previous || unreadable.length === 0) return report;
  const lastKnownAt: Partial<Record<CardPart, number>> = {};
  const completed: StoredReport = { ...report, lastKnownAt };
  for (const part of unreadable) {
    const at = knownAt(previous, part);
    if (at === null) continue;
    copyPart[part](previous.report, completed);
    lastKnownAt[part] = at;
  }
  return completed;
}

/**
 * The report of a card about which its platform has never answered: what a search found.
 * @param queriedAt when it was queried in vain, epoch ms
 */
export function emptyReport(
  { ref, iccid, access_number, carrier }: CardRow,
  queriedAt: number,
): FetchedReport {
  const report: CardReport = {
    ref,
    iccid,
    accessNumber: access_number,
    carrier: carriers.find((known) => known === carrier) ?? 'unknown',
    carrierCode: '',
    realName: 'unknown',
    usage: null,
    expiresAt: null,
    packages: [],
    unreadable: cardParts,
    raw: [],
  };
  return { report, fetchedAt: queriedAt };
}

/** The parts of a report that have no current value. */
export function unreadablePartsOf(fetched: FetchedReport): UnreadablePart[] {
  const parts = fetched.isOutdated ? cardParts : (fetched.report.unreadable ?? []);
  return parts.map((part) => ({ part, lastKnownAt: knownAt(fetched, part) }));
}

/** Whether a part has a value, be it an old one. */
export function isPartKnown(fetched: FetchedReport, part: CardPart): boolean {
  return knownAt(fetched, part) !== null;
}

/** How long, in ms, a part had not been readable when the platform last answered; Infinity: never read. */
export function unreadableFor(fetched: FetchedReport, part: CardPart): number {
  const at = knownAt(fetched, part);
  return at === null ? Infinity : fetched.fetchedAt - at;
}
