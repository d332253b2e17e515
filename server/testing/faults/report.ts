import type { Finding, FindingKind } from './checker';
import { findingKinds } from './checker';

/** What a run of fault schedules came to, simulated or real. */
export interface RunReport {
  /** Of what there were so many, and how long they took. */
  title: string;
  /** How often each fault happened. */
  faults: Readonly<Record<string, number>>;
  orders: number;
  delivered: number;
  refunded: number;
  /** Orders that were handed to a person in the end; undefined where nobody counted. */
  handedOver?: number;
  findings: readonly Finding[];
}

/** These are named whether there are any or not; others where there are. */
const alwaysReported: readonly FindingKind[] = ['lost', 'doubled', 'stranded'];

/** How many orders (or, where it is about none, findings) there are of a kind. */
function countKind(findings: readonly Finding[], kind: FindingKind): number {
  const found = findings.filter((finding) => finding.kind === kind);
  return new Set(found.map((each) => each.orderNumber || each.detail)).size;
}

function verdict(findings: readonly Finding[]): string {
  return findingKinds
    .map((kind) => ({ kind, count: countKind(findings, kind) }))
    .filter(({ kind, count }) => count > 0 || alwaysReported.includes(kind))
    .map(({ kind, count }) => `${kind} ${String(count)}`)
    .join(' ');
}

/** The lines of a report; the last says whether money was lost, doubled or stranded. */
export function describeRun(report: RunReport): string[] {
  const { title, faults, orders, delivered, refunded, handedOver, findings } = report;
  const faultCounts = Object.entries(faults)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind} ${String(count)}`);
  const handed = handedOver === undefined ? '' : `, handed to a person ${String(handedOver)}`;
  return [
    title,
    `faults: ${faultCounts.join(', ') || 'none'}`,
    `orders ${String(orders)}, delivered ${String(delivered)}, refunded ${String(refunded)}${handed}`,
    verdict(findings),
  ];
}
