import type { SettlementDay } from '@shared/billing-month';
import { type Logger, pino } from 'pino';
import { createCardPlatforms } from '../../../platforms/card-platforms';
import type { JobHandler } from '../../../jobs/run-job';
import { createWorker } from '../../../jobs/worker';
import { createGateways } from '../../../platforms/payment-gateways';
import type { CardPlatform, IdentityProvider, PaymentGateway } from '../../../platforms/ports';
import { createServices } from '../../../services';
import { StoreUnavailable } from '../../../store/store';
import type { SharedStore } from './shared-store';
import type { StoreFault } from './store-faults';
import type { Process } from './process';
import type { Timeline } from './timeline';

/** The polling interval of the BFF's worker, in ms. */
const POLL_MS = 500;

/** After how long a failed start is retried, in ms. */
const RESTART_MS = 1_000;

/** Where the clock may jump, the time of the next due job is unknown: the polling interval then, in ms. */
const UNSCHEDULED_POLL_MS = 10_000;

/** One BFF process: the real services and worker, wired as in `server.ts`. */
export interface Bff {
  readonly process: Process;
  readonly services: ReturnType<typeof createServices>;
}

export interface BffParts {
  process: Process;
  shared: SharedStore;
  timeline: Timeline;
  /** The process's own clock, which may be wrong. */
  clock: () => number;
  /** Whether that clock may jump. */
  mayClockJump: boolean;
  storeFault: () => StoreFault | undefined;
  log: Logger;
  cards: CardPlatform;
  current: PaymentGateway;
  others: readonly PaymentGateway[];
  settlementDay: SettlementDay;
  /** Wraps every job handler. */
  monitorJob: (process: Process, kind: string, handler: JobHandler) => JobHandler;
}

export const silentLog: Logger = pino({ level: 'silent' });

/** Nobody signs in during a schedule: the fixtures hold the sessions' users. */
const identity: IdentityProvider = {
  appId: 'simulated',
  exchangeCode: () => Promise.resolve({ outcome: 'refused', reason: 'codeInvalid' }),
};

export function startBff(parts: BffParts): Bff {
  const { process, shared, clock, log, cards, current, others, monitorJob } = parts;
  const store = shared.openFor(process, parts.storeFault);
  const platforms = createCardPlatforms([cards]);
  const gateways = createGateways(current, others);
  const monotonicClock = () => parts.timeline.now();
  const services = createServices({
    store,
    clock,
    monotonicClock,
    log,
    identity,
    platforms,
    gateways,
    settlementDays: new Map([[cards.name, parts.settlementDay]]),
  });
  const handlers = Object.fromEntries(
    Object.entries(services.jobs).map(([kind, run]) => [kind, monitorJob(process, kind, run)]),
  );
  const { onStuck } = services;
  const worker = createWorker({ store, clock, log, handlers, pollMs: POLL_MS, onStuck });
  void prepare(services.scheduleInitialJobs, parts.timeline).then(() =>
    driveWorker(worker.runDue, parts),
  );
  return { process, services };
}

/** Retries a start that failed because the store was down, as a process supervisor would. */
async function prepare(start: () => Promise<void>, timeline: Timeline): Promise<void> {
  for (;;) {
    try {
      await start();
      return;
    } catch (error) {
      ignoreOutage(error);
      await timeline.sleep(RESTART_MS);
    }
  }
}

/** Ignores that the store is down: the caller tries again. @throws any other error */
function ignoreOutage(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}

/**
 * Polls for due jobs at the instants at which the BFF's worker would, but skips those at which no job is
 * due: most polls would find nothing.
 */
function driveWorker(runDue: () => Promise<unknown>, parts: BffParts): void {
  const { process, shared, timeline, clock, mayClockJump } = parts;
  const started = timeline.now();
  let planned = Infinity;
  let nextUnscheduledPoll = mayClockJump ? started : Infinity;

  function nextPoll(instant: number): number {
    const polls = Math.ceil((Math.max(instant, timeline.now() + 1) - started) / POLL_MS);
    return started + polls * POLL_MS;
  }

  function plan(instant: number): void {
    const pollAt = nextPoll(instant);
    if (pollAt >= planned) return;
    planned = pollAt;
    timeline.at(pollAt, () => {
      if (planned !== pollAt || !process.isAlive()) return;
      planned = Infinity;
      void poll();
    });
  }

  async function poll(): Promise<void> {
    const due = await shared.nextDue();
    if (due === null) return;
    const skew = clock() - timeline.now();
    if (due <= clock() || timeline.now() >= nextUnscheduledPoll) {
      if (mayClockJump) nextUnscheduledPoll = timeline.now() + UNSCHEDULED_POLL_MS;
      void runDue().catch(ignoreOutage);
    }
    plan(Math.min(due - skew, nextUnscheduledPoll));
  }

  shared.onJobsChanged(() => {
    if (process.isAlive()) plan(timeline.now());
  });
  void poll();
}
