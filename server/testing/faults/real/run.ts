import type { OrderState } from '@shared/order-state';
import type { TemporaryPostgres } from '../../../../config/postgres';
import { startPostgres } from '../../../../config/postgres';
import type { Dialect } from '../../../store/store';
import type { OrderRecords, Finding } from '../checker';
import { createPrng, type Prng } from '../simulated/prng';
import { createCustomer } from './customer';
import { buildPowerCut } from './power-cut';
import { createRounds } from './kill-rounds';
import { waitAndCheck, type Verdict } from './wait-and-check';
import type { StoreConfig, Site } from './site';
import { openSite } from './site';
import type { Bundles } from './bundles';
import { buildBundles } from './bundles';

export interface RealOptions {
  /** Each ends with a kill. */
  rounds: number;
  /** What chance is drawn from. The instants of real processes are their own: a run is never quite repeated. */
  seed: number;
  store: Dialect;
  /** Takes what happens, line by line. */
  log: (line: string) => void;
  /**
   * `normal` runs on a SQLite that does not wait for the disk, and cuts the power at every kill: that must
   * be seen to lose what was acknowledged, or the harness sees nothing.
   */
  synchronous?: 'full' | 'normal';
  /** After how many rounds everything is compared. */
  roundsPerCheck?: number;
}

export interface RealResult {
  /** Fewer than were asked for where something was found. */
  rounds: number;
  /** How often what happened. */
  faults: Readonly<Record<string, number>>;
  orders: number;
  delivered: number;
  refunded: number;
  /** With an open alert in the end. */
  handedOver: number;
  findings: Finding[];
}

/** After so many rounds, all is begun anew on an empty store. */
const ROUNDS_PER_SITE = 100;
const ROUNDS_PER_CHECK = 25;
const CUSTOMERS = 10;
/** Few, so that several people buy for the same card. */
const CARDS_EACH = 3;

/**
 * Runs BFFs and the simulated platforms as processes of their own and kills the BFFs at random instants,
 * while people buy; then compares what everybody says. To be called in the project's folder.
 * @returns what happened; nothing was lost, doubled or stranded if there are no findings
 * @throws Error if something of the harness itself does not work here
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

/** Kills, checks, and goes on, until all rounds are over or something was found. */
async function runSite(site: Site, chance: Prng, options: RealOptions): Promise<SiteResult> {
  const { rounds: wanted, roundsPerCheck = ROUNDS_PER_CHECK, log } = options;
  const { round, endFaults } = createRounds(site, chance.fork());
  let isOver = false;
  const customers = createCustomers(site, chance, () => isOver);
  for (let done = 0; ;) {
    const until = Math.min(done + roundsPerCheck, wanted);
    isOver = false;
    const living = Promise.all(customers.map((live) => live()));
    // What fails is thrown where it is awaited, after the round that is under way.
    living.catch(() => undefined);
    try {
      for (; done < until; done += 1) await round();
    } finally {
      isOver = true;
      await living;
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

function createCustomers(site: Site, chance: Prng, isOver: () => boolean) {
  const { sandbox, observer, cards } = site;
  const [first, ...others] = site.bffs;
  if (!first) throw new Error('there is no BFF');
  return Array.from({ length: CUSTOMERS }, (_, index) => {
    const own = chance.fork();
    const pick = () => own.pick(cards);
    return createCustomer({
      name: `customer-${index}`,
      chance: own,
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
  for (const bff of bffs) log(`${bff.name} said last:\n${bff.tail()}`);
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
