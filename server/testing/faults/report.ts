import { type Finding, type FindingKind, findingKinds } from './checker';

/** The result of a run of fault schedules, simulated or real. */
export interface RunReport {
  /** How many schedules of which kind were run, and how long they took. */
  title: string;
  /** How often each fault happened. */
  faults: Readonly<Record<string, number>>;
  orders: number;
  delivered: number;
  refunded: number;
  /** Orders with an open alert at the end; undefined where they were not counted. */
  handedOver?: number;
  findings: readonly Finding[];
}

/** Kinds that are reported even if there are none; the others only if there are some. */
const alwaysReported: readonly FindingKind[] = ['lost', 'doubled', 'stranded'];

/** The number of orders with a finding of a kind; findings about no order count each. */
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

/** The lines of a report. The last one counts the orders that were lost, doubled or stranded. */
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
