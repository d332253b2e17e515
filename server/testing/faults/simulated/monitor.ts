import type { OrderState } from '@shared/order-state';
import type { JobHandler } from '../../../jobs/run-job';
import type { Fleet } from './fleet';
import type { SharedStore } from './shared-store';
import type { CallReport } from './ports';
import { readRecords } from '../records';
import { checkFinished, type Finding } from '../checker';
import type { Process } from './process';
import type { Timeline } from './timeline';
import type { ChannelPayment } from './channel';
import type { NetworkFaults } from './network-faults';

const SECOND = 1000;
/**
 * Promised times: until an unknown outcome is queried, and until a payment is found without a notification.
 */
const REPAIR_MS = 5 * SECOND;
const FOUND_MS = 60 * SECOND;

/**
 * The longest delay of a job that failed repeatedly while the store was down (jobs/worker.ts, pauseAfter).
 */
const RECOVERY_MS = 10 * 60 * SECOND;

/** How long a job stays leased to a process that died (jobs/worker.ts). */
const LEASE_MS = 60 * SECOND;

/** Calls with side effects: without a response, their outcome must be queried. */
const writeOperations: readonly string[] = ['closePayment', 'refund', 'orderPackage'];

interface MonitorParts {
  timeline: Timeline;
  networkFaults: Pick<NetworkFaults, 'isClear'>;
  /** Whether the store had no outage between two instants (epoch ms). */
  isStoreUp: (from: number, until: number) => boolean;
  shared: SharedStore;
  /** Whether clocks differ: then deadlines and leases are not checked. */
  isSkewed: boolean;
  /** The processes; a function, because the monitor is created before them. */
  fleet: () => Fleet;
  onFinding: (finding: Finding) => void;
  onRepair: (ms: number) => void;
}

/** Checks what the end of a schedule does not show: deadlines, and which process holds which lease. */
export function createMonitor(parts: MonitorParts) {
  const { timeline, networkFaults, shared, isSkewed, isStoreUp, fleet, onFinding } = parts;
  const openUnknowns = new Map<string, number>();
  const unanswered = new Set<string>();
  /** The processes with a call in flight about an order, one entry for each call. */
  const activeCallers = new Map<string, Process[]>();
  const running = new Map<string, Set<Process>>();

  function onCall({ process, operation, orderNumber, result }: CallReport): void {
    if (orderNumber === undefined) return;
    const others = (activeCallers.get(orderNumber) ?? []).filter((each) => each.isAlive());
    if (result !== 'sent') others.splice(others.indexOf(process), 1);
    activeCallers.set(orderNumber, result === 'sent' ? [...others, process] : others);
    if (result === 'sent') recordQuery(orderNumber);
    if (result === 'unanswered') recordUnanswered(orderNumber, operation, others.length > 0);
  }

  function recordQuery(orderNumber: string): void {
    const since = openUnknowns.get(orderNumber);
    if (since === undefined) return;
    openUnknowns.delete(orderNumber);
    if (isDeadlineBinding(since)) parts.onRepair(timeline.now() - since);
  }

  /**
   * Only the first unanswered call has a deadline, and only if no other call about the order is in flight.
   */
  function recordUnanswered(orderNumber: string, operation: string, isBeingQueried: boolean): void {
    const isFirst = !unanswered.has(orderNumber);
    unanswered.add(orderNumber);
    if (!isFirst || isBeingQueried || !writeOperations.includes(operation)) return;
    const since = timeline.now();
    openUnknowns.set(orderNumber, since);
    timeline.at(since + REPAIR_MS, () => {
      if (openUnknowns.get(orderNumber) !== since || !isDeadlineBinding(since)) return;
      const detail = `${operation} without a response, not queried within 5 s`;
      void isOpen(orderNumber).then((open) => {
        if (open) onFinding({ kind: 'slow', orderNumber, detail });
      });
    });
  }

  /** Deadlines hold if all processes were up since a lease before, and the store was. */
  function isDeadlineBinding(since: number): boolean {
    const now = timeline.now();
    const wasServing = fleet().wasServing(since - LEASE_MS, now);
    return !isSkewed && wasServing && isStoreUp(since - RECOVERY_MS, now);
  }

  /** Whether the order is still unfinished: another process may have settled it meanwhile. */
  async function isOpen(orderNumber: string): Promise<boolean> {
    const records = await readRecords(shared.observerStore);
    return checkFinished(records, '').some((finding) => finding.orderNumber === orderNumber);
  }

  /**
   * A regular payment was taken: it must be recorded within a minute, with or without a notification, if
   * the channel answers.
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

  /**
   * An order that is closed in our store must not be payable: the customer was told that nothing is charged.
   */
  function onPayable(orderNumber: string, how: string): void {
    if (isSkewed) return;
    void findState(orderNumber).then((state) => {
      const detail = `${how} at the channel after it was closed`;
      if (state === 'closed') onFinding({ kind: 'payableAfterClose', orderNumber, detail });
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
   * Reports a job that starts while another process runs it under a valid lease, and a lease that another
   * process ended.
   */
  function monitorJob(process: Process, kind: string, handler: JobHandler): JobHandler {
    return async (subjectId) => {
      const key = `${kind} ${subjectId}`;
      const holders = running.get(key) ?? new Set();
      running.set(key, holders);
      for (const holder of holders) {
        if (mayLoseLease(holder)) continue;
        reportConcurrentJob(
          `${key}: started by ${process.name} while ${holder.name} was running it`,
        );
      }
      holders.add(process);
      const lease = await shared.leaseOf(kind, subjectId);
      try {
        return await handler(subjectId);
      } finally {
        holders.delete(process);
        const now = await shared.leaseOf(kind, subjectId);
        const isLost = now !== undefined && now !== lease && !mayLoseLease(process);
        if (isLost)
          reportConcurrentJob(`${key}: the lease of ${process.name} was ended by another process`);
      }
    };
  }

  function mayLoseLease(holder: Process): boolean {
    // A lease that could not be renewed may expire.
    const now = timeline.now();
    const mayRenew = isStoreUp(now - 2 * LEASE_MS, now);
    return isSkewed || !mayRenew || !holder.isAlive() || fleet().wasFrozen(holder);
  }

  function reportConcurrentJob(detail: string): void {
    onFinding({ kind: 'concurrentJob', orderNumber: '', detail });
  }

  return { onCall, onPaid, onPayable, monitorJob };
}
