import type { OrderState } from '@shared/order-state';
import type { JobHandler } from '../../../jobs/worker';
import type { Fleet } from './fleet';
import type { SharedStore } from './shared-store';
import type { CallReport } from './ports';
import { readRecords } from '../records';
import type { Finding } from '../checker';
import { checkFinished } from '../checker';
import type { Process } from './process';
import type { Timeline } from './timeline';
import type { ChannelPayment } from './channel';
import type { NetworkFaults } from './network-faults';

const SECOND = 1000;
/** What people feel: how soon an unknown is looked into, and a payment found without being told of. */
const REPAIR_MS = 5 * SECOND;
const FOUND_MS = 60 * SECOND;

/** How long jobs may rest that failed while the store was away for minutes (jobs/worker.ts, pauseAfter). */
const RECOVERY_MS = 10 * 60 * SECOND;

/** How long the job of a process that died is left alone (jobs/worker.ts). */
const LEASE_MS = 60 * SECOND;

/** Calls after which somebody must find out what they did. */
const writeOperations: readonly string[] = ['closePayment', 'refund', 'orderPackage'];

interface MonitorParts {
  timeline: Timeline;
  networkFaults: Pick<NetworkFaults, 'isClear'>;
  /** Whether the store was there from one instant to another (epoch ms). */
  isStoreUp: (from: number, until: number) => boolean;
  shared: SharedStore;
  /** Whether clocks differ: then nobody can keep to any time, and leases mean little. */
  isSkewed: boolean;
  /** The processes; asked for when needed, for they are watched from their first moment on. */
  fleet: () => Fleet;
  onFinding: (finding: Finding) => void;
  onRepair: (ms: number) => void;
}

/** Looks on while a schedule runs, at what cannot be told from its end: how soon, and who at once. */
export function createMonitor(parts: MonitorParts) {
  const { timeline, networkFaults, shared, isSkewed, isStoreUp, fleet, onFinding } = parts;
  const openUnknowns = new Map<string, number>();
  const unanswered = new Set<string>();
  /** Who is asking about an order now, once for each call. */
  const activeCallers = new Map<string, Process[]>();
  const running = new Map<string, Set<Process>>();

  function onCall({ process, operation, orderNumber, result }: CallReport): void {
    if (orderNumber === undefined) return;
    const others = (activeCallers.get(orderNumber) ?? []).filter((each) => each.isAlive());
    if (result !== 'asked') others.splice(others.indexOf(process), 1);
    activeCallers.set(orderNumber, result === 'asked' ? [...others, process] : others);
    if (result === 'asked') recordQuery(orderNumber);
    if (result === 'unanswered') recordUnanswered(orderNumber, operation, others.length > 0);
  }

  function recordQuery(orderNumber: string): void {
    const since = openUnknowns.get(orderNumber);
    if (since === undefined) return;
    openUnknowns.delete(orderNumber);
    if (isDeadlineBinding(since)) parts.onRepair(timeline.now() - since);
  }

  /** Where the platform stays silent, or somebody is asking already, later looks may take their time. */
  function recordUnanswered(orderNumber: string, operation: string, isBeingQueried: boolean): void {
    const isFirst = !unanswered.has(orderNumber);
    unanswered.add(orderNumber);
    if (!isFirst || isBeingQueried || !writeOperations.includes(operation)) return;
    const since = timeline.now();
    openUnknowns.set(orderNumber, since);
    timeline.at(since + REPAIR_MS, () => {
      if (openUnknowns.get(orderNumber) !== since || !isDeadlineBinding(since)) return;
      const detail = `${operation} without an answer, not looked into within 5 s`;
      void isOpen(orderNumber).then((open) => {
        if (open) onFinding({ kind: 'slow', orderNumber, detail });
      });
    });
  }

  /** Times are kept by processes that run, once the leases of those that died are over. */
  function isDeadlineBinding(since: number): boolean {
    const now = timeline.now();
    const wasServing = fleet().wasServing(since - LEASE_MS, now);
    return !isSkewed && wasServing && isStoreUp(since - RECOVERY_MS, now);
  }

  /** Whether there is anything left to find out: somebody else may have learnt it in the meantime. */
  async function isOpen(orderNumber: string): Promise<boolean> {
    const records = await readRecords(shared.observerStore);
    return checkFinished(records, '').some((finding) => finding.orderNumber === orderNumber);
  }

  /**
   * Money was taken that fits its order: within a minute the book must have it, told or not, if the
   * channel answers.
   */
  function onPaid({ orderNumber, transactionId }: ChannelPayment): void {
    onPayable(orderNumber, 'paid');
    const since = timeline.now();
    const limit = since + FOUND_MS;
    timeline.at(limit, () => {
      if (!isDeadlineBinding(since) || !networkFaults.isClear('channel', since, limit)) return;
      void findCapture(transactionId).then((found) => {
        const detail = 'paid, and not found within 60 s';
        if (!found) onFinding({ kind: 'slow', orderNumber, detail });
      });
    });
  }

  /** What the book has closed cannot be paid any more: people were told that nothing is charged. */
  function onPayable(orderNumber: string, how: string): void {
    if (isSkewed) return;
    void findState(orderNumber).then((state) => {
      const detail = `${how} at the channel after it was closed`;
      if (state === 'closed') onFinding({ kind: 'open', orderNumber, detail });
    });
  }

  async function findState(orderNumber: string): Promise<OrderState | undefined> {
    const row = await shared.observerStore
      .selectFrom('orders')
      .select('state')
      .where('number', '=', orderNumber)
      .executeTakeFirst();
    return row?.state;
  }

  async function findCapture(transactionId: string): Promise<boolean> {
    const row = await shared.observerStore
      .selectFrom('captures')
      .select('id')
      .where('transaction_id', '=', transactionId)
      .executeTakeFirst();
    return row !== undefined;
  }

  /**
   * Nobody starts a job that somebody who still holds its lease is at, and nobody ends a lease that is
   * another's.
   */
  function monitorJob(process: Process, kind: string, handler: JobHandler): JobHandler {
    return async (subjectId) => {
      const key = `${kind} ${subjectId}`;
      const holders = running.get(key) ?? new Set();
      running.set(key, holders);
      for (const holder of holders) {
        if (mayLoseLease(holder)) continue;
        reportOverrun(`${key}: begun by ${process.name} while ${holder.name} was at it`);
      }
      holders.add(process);
      const lease = await shared.leaseOf(kind, subjectId);
      try {
        return await handler(subjectId);
      } finally {
        holders.delete(process);
        const now = await shared.leaseOf(kind, subjectId);
        const isLost = now !== undefined && now !== lease && !mayLoseLease(process);
        if (isLost) reportOverrun(`${key}: ${process.name} lost its lease to another's word`);
      }
    };
  }

  function mayLoseLease(holder: Process): boolean {
    // A lease that cannot be renewed is lost.
    const now = timeline.now();
    const mayRenew = isStoreUp(now - 2 * LEASE_MS, now);
    return isSkewed || !mayRenew || !holder.isAlive() || fleet().wasFrozen(holder);
  }

  function reportOverrun(detail: string): void {
    onFinding({ kind: 'overrun', orderNumber: '', detail });
  }

  return { onCall, onPaid, onPayable, watchJob: monitorJob };
}
