import type { Logger } from 'pino';
import { pino } from 'pino';
import { createCardPlatforms } from '../../../platforms/card-platforms';
import type { JobHandler } from '../../../jobs/worker';
import { createWorker } from '../../../jobs/worker';
import { createGateways } from '../../../platforms/payment-gateways';
import type { CardPlatform, IdentityProvider, PaymentGateway } from '../../../platforms/ports';
import { createServices } from '../../../services';
import { StoreUnavailable } from '../../../store/store';
import type { SharedStore } from './shared-store';
import type { StoreFault } from './store-faults';
import type { Process } from './process';
import type { Timeline } from './timeline';

/** How often the worker of the product looks for due jobs, in ms. */
const POLL_MS = 500;

/** How soon a program is started again whose start failed, in ms. */
const RESTART_MS = 1_000;

/** Where the clock may jump nobody can say when a job will be due: so often one looks, in ms. */
const UNSCHEDULED_POLL_MS = 10_000;

/** One process of the BFF: the product's services and worker, as `server.ts` wires them. */
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
  /** Stands around every run of a job. */
  monitorJob: (process: Process, kind: string, handler: JobHandler) => JobHandler;
}

export const silentLog: Logger = pino({ level: 'silent' });

/** People are signed in before the run begins: what they do next is what is tested. */
const identity: IdentityProvider = {
  appId: 'simulated',
  exchangeCode: () => Promise.resolve({ outcome: 'refused', reason: 'codeInvalid' }),
};

export function startBff(parts: BffParts): Bff {
  const { process, shared, clock, log, cards, current, others, monitorJob } = parts;
  const store = shared.openFor(process, parts.storeFault);
  const platforms = createCardPlatforms([cards]);
  const gateways = createGateways(current, others);
  const services = createServices({ store, clock, log, identity, platforms, gateways });
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

/** A start that fails for want of the store is tried again, as whatever supervises the program does. */
async function prepare(begin: () => Promise<void>, timeline: Timeline): Promise<void> {
  for (;;) {
    try {
      await begin();
      return;
    } catch (error) {
      passOutage(error);
      await timeline.sleep(RESTART_MS);
    }
  }
}

/** The worker has a word for a store that is down, and looks again. */
function passOutage(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}

/**
 * Looks for due jobs when the product's worker would, but only then when there is one: a look at an
 * empty table changes nothing, and half-seconds are many.
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
    const poll = nextPoll(instant);
    if (poll >= planned) return;
    planned = poll;
    timeline.at(poll, () => {
      if (planned !== poll || !process.isAlive()) return;
      planned = Infinity;
      void look();
    });
  }

  async function look(): Promise<void> {
    const due = await shared.nextDue();
    if (due === null) return;
    const skew = clock() - timeline.now();
    if (due <= clock() || timeline.now() >= nextUnscheduledPoll) {
      if (mayClockJump) nextUnscheduledPoll = timeline.now() + UNSCHEDULED_POLL_MS;
      void runDue().catch(passOutage);
    }
    plan(Math.min(due - skew, nextUnscheduledPoll));
  }

  shared.onJobsChanged(() => {
    if (process.isAlive()) plan(timeline.now());
  });
  void look();
}
