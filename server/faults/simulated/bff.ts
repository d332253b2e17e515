import type { Logger } from 'pino';
import { pino } from 'pino';
import { createCardPlatforms } from '../../cards/card-platforms';
import type { JobHandler } from '../../jobs/worker';
import { createWorker } from '../../jobs/worker';
import { createGateways } from '../../payments/gateways';
import type { CardPlatform, IdentityProvider, PaymentGateway } from '../../platforms/ports';
import { createServices } from '../../services';
import type { SharedStore } from './shared-store';
import type { Process } from './process';
import type { Timeline } from './timeline';

/** How often the worker of the product looks for due jobs, in ms. */
const POLL_MS = 500;

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
  log: Logger;
  cards: CardPlatform;
  current: PaymentGateway;
  others: readonly PaymentGateway[];
  /** Stands around every run of a job. */
  watchJob: (process: Process, kind: string, handler: JobHandler) => JobHandler;
}

export const silentLog: Logger = pino({ level: 'silent' });

/** People are signed in before the run begins: what they do next is what is tested. */
const identity: IdentityProvider = {
  appId: 'simulated',
  exchangeCode: () => Promise.resolve({ outcome: 'refused', reason: 'codeInvalid' }),
};

export function startBff(parts: BffParts): Bff {
  const { process, shared, clock, log, cards, current, others, watchJob } = parts;
  const store = shared.openFor(process);
  const platforms = createCardPlatforms([cards]);
  const gateways = createGateways(current, others);
  const services = createServices({ store, clock, log, identity, platforms, gateways });
  const handlers = Object.fromEntries(
    Object.entries(services.jobs).map(([kind, run]) => [kind, watchJob(process, kind, run)]),
  );
  const { onStuck } = services;
  const worker = createWorker({ store, clock, log, handlers, pollMs: POLL_MS, onStuck });
  void services.prepare().then(() => driveWorker(() => void worker.runDue(), parts));
  return { process, services };
}

/**
 * Looks for due jobs when the product's worker would, but only then when there is one: a look at an
 * empty table changes nothing, and half-seconds are many.
 */
function driveWorker(runDue: () => void, { process, shared, timeline, clock }: BffParts): void {
  const started = timeline.now();
  let planned = Infinity;

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
    if (due <= clock()) runDue();
    plan(due - skew);
  }

  shared.onJobsTouched(() => {
    if (process.isAlive()) plan(timeline.now());
  });
  void look();
}
