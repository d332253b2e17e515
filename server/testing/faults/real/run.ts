import type { OrderState } from '@shared/order-state';
import { startPostgres, type TemporaryPostgres } from '../../../../config/postgres';
import type { Dialect } from '../../../store/store';
import type { OrderRecords, Finding } from '../checker';
import { createPrng, type Prng } from '../simulated/prng';
import { createCustomer } from './customer';
import { buildPowerCut } from './power-cut';
import { createRounds } from './kill-rounds';
import { waitAndCheck, type Verdict } from './wait-and-check';
import { openSite, type Site, type StoreConfig } from './site';
import { buildBundles, type Bundles } from './bundles';

export interface RealOptions {
  /** How many rounds; each ends with a kill. */
  rounds: number;
  /** The seed of the draws. Real processes have their own timing, so a run is never repeated exactly. */
  seed: number;
  store: Dialect;
  /** Receives the progress line by line. */
  log: (line: string) => void;
  /**
   * `normal` runs SQLite with synchronous=normal and cuts the power at every kill. That must lose
   * acknowledged orders: a harness that does not find it would find nothing.
   */
  synchronous?: 'full' | 'normal';
  /** After how many rounds the checker runs. */
  roundsPerCheck?: number;
}

export interface RealResult {
  /** Fewer than requested if something was found. */
  rounds: number;
  /** How often each fault happened. */
  faults: Readonly<Record<string, number>>;
  orders: number;
  delivered: number;
  refunded: number;
  /** Orders with an open alert at the end. */
  handedOver: number;
  findings: Finding[];
}

/** After how many rounds a new site with an empty store is opened. */
const ROUNDS_PER_SITE = 100;
const ROUNDS_PER_CHECK = 25;
const CUSTOMERS = 10;
/** Few, so that several customers buy for the same card. */
const CARDS_EACH = 3;

/**
 * Runs real BFFs and the sandbox as processes, and kills the BFFs at random instants while customers buy.
 *
 * 1. `openSite` starts the sandbox and prepares the BFFs (one on SQLite, two on PostgreSQL) on an empty
 *    store.
 * 2. `createRounds` runs the rounds: it switches on faults of the sandbox, starts the BFFs, fills the disk or
 *    restarts PostgreSQL, and kills. On SQLite, a kill can be a power cut that discards unsynced writes.
 * 3. After some rounds the faults end, and `waitAndCheck` moves the clock until all orders are finished and
 *    runs the checker.
 *
 * Call it in the project's folder.
 * @returns the result; nothing was lost, doubled or stranded if it has no findings
 * @throws Error if the harness itself does not work on this machine
 */
export async function runReal(options: RealOptions): Promise<RealResult> {
  const bundles = await buildBundles();
  const postgres = options.store === 'postgres' ? await startPostgres() : undefined;
  try {
    const storeConfig = createStoreConfig(options, bundles, postgres);
    return await runSites(options, bundles, storeConfig);
  } finally {
    await postgres?.stop();
    bundles.remove();
  }
}

function createStoreConfig(
  { synchronous = 'full' }: RealOptions,
  bundles: Bundles,
  postgres: TemporaryPostgres | undefined,
): StoreConfig {
  if (postgres) return { dialect: 'postgres', postgres };
  return { dialect: 'sqlite', powerCut: buildPowerCut(bundles.folder('library')), synchronous };
}

async function runSites(
  options: RealOptions,
  bundles: Bundles,
  storeConfig: StoreConfig,
): Promise<RealResult> {
  let total: RealResult = {
    rounds: 0,
    faults: {},
    findings: [],
    orders: 0,
    delivered: 0,
    refunded: 0,
    handedOver: 0,
  };
  for (let seed = options.seed; ; seed += 1) {
    const rounds = Math.min(ROUNDS_PER_SITE, options.rounds - total.rounds);
    if (rounds <= 0 || total.findings.length > 0) return total;
    const site = await openSite({ bundles, storeConfig, name: `site-${seed}` });
    try {
      options.log(`an empty store, seed ${seed}`);
      const result = await runSite(site, createPrng(seed), { ...options, rounds });
      total = addResult(total, site, result);
    } finally {
      await site.remove();
    }
  }
}

interface SiteResult extends Verdict {
  rounds: number;
}

/** Alternates rounds and checks until all rounds are over or something was found. */
async function runSite(site: Site, prng: Prng, options: RealOptions): Promise<SiteResult> {
  const { rounds: wanted, roundsPerCheck = ROUNDS_PER_CHECK, log } = options;
  const { round, endFaults } = createRounds(site, prng.fork());
  let isOver = false;
  const customers = createCustomers(site, prng, () => isOver);
  for (let done = 0; ;) {
    const until = Math.min(done + roundsPerCheck, wanted);
    isOver = false;
    const running = Promise.all(customers.map((run) => run()));
    // A failure is thrown where it is awaited, after the current round.
    running.catch(() => undefined);
    try {
      for (; done < until; done += 1) await round();
    } finally {
      isOver = true;
      await running;
    }
    await endFaults();
    const verdict = await waitAndCheck(site);
    log(`${done} of ${wanted} rounds: ${describe(verdict)}`);
    if (done >= wanted || verdict.findings.length > 0) {
      logFindings(verdict, site, log);
      return { rounds: done, ...verdict };
    }
  }
}

function createCustomers(site: Site, prng: Prng, isOver: () => boolean) {
  const { sandbox, observer, cards } = site;
  const [first, ...others] = site.bffs;
  if (!first) throw new Error('there is no BFF');
  return Array.from({ length: CUSTOMERS }, (_, index) => {
    const own = prng.fork();
    const pick = () => own.pick(cards);
    return createCustomer({
      name: `customer-${index}`,
      prng: own,
      sandbox,
      observer,
      isOver,
      cards: [pick(), ...Array.from({ length: CARDS_EACH - 1 }, pick)],
      pickBff: () => own.pick([first, ...others]),
    });
  });
}

function describe({ records, findings }: Verdict): string {
  const orders = `${records.orders.length} orders, ${countOf(records, 'delivered')} delivered`;
  return `${orders}, ${countOf(records, 'refunded')} refunded, ${findings.length} findings`;
}

function logFindings({ findings }: Verdict, { bffs }: Site, log: (line: string) => void): void {
  for (const { kind, orderNumber, detail } of findings) log(`${kind} ${orderNumber} ${detail}`);
  if (findings.length === 0) return;
  for (const bff of bffs) log(`last output of ${bff.name}:\n${bff.tail()}`);
}

function addResult(
  total: RealResult,
  site: Site,
  { rounds, records, findings }: SiteResult,
): RealResult {
  const faults: Record<string, number> = { ...total.faults };
  for (const [what, count] of Object.entries(site.observer.counts())) {
    faults[what] = (faults[what] ?? 0) + count;
  }
  return {
    rounds: total.rounds + rounds,
    faults,
    orders: total.orders + records.orders.length,
    delivered: total.delivered + countOf(records, 'delivered'),
    refunded: total.refunded + countOf(records, 'refunded'),
    handedOver: total.handedOver + records.orders.filter(({ hasAlert }) => hasAlert).length,
    findings: [...total.findings, ...findings],
  };
}

function countOf({ orders }: OrderRecords, state: OrderState): number {
  return orders.filter((order) => order.state === state).length;
}
