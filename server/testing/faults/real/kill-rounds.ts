import { setTimeout as sleep } from 'node:timers/promises';
import type { Prng } from '../simulated/prng';
import type { BffProcess } from './bff-process';
import { drawSandboxFaults } from './sandbox-faults';
import type { Site } from './site';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * A BFF is killed up to KILL_DELAY_MS after a number of answers, or after MAX_RUN_MS (real time). Counting
 * answers makes rounds do the same work on slow machines.
 */
const ANSWERS = { least: 1, most: 60 };
const KILL_DELAY_MS = 40;
const MAX_RUN_MS = 4 * SECOND;
/** How long the disk is full (ms), and after how many answers a fault of the store happens. */
const FULL_MS = { least: 30, most: 500 };
const FAULT_WITHIN_ANSWERS = 30;
/** The longest jump of the clock while a BFF is up, in ms: below the skew that signatures tolerate. */
const LONGEST_JUMP_MS = 100 * SECOND;

type Environment = Readonly<Record<string, string>>;

/** The payment channel of new orders, with the identity provider that belongs to it. */
const channels: readonly [Environment, ...Environment[]] = [
  { PAYMENT: 'shingsou', LOGIN: 'shingsou' },
  { PAYMENT: 'wechatpay', LOGIN: 'wechat' },
];

/** Rounds of faults while customers buy. Each round ends with a kill of one BFF or of all. */
export function createRounds(site: Site, prng: Prng) {
  const { bffs, sandbox, clock, observer, storeConfig, disk } = site;
  const isLossy = storeConfig.dialect === 'sqlite' && storeConfig.synchronous === 'normal';
  let channel = prng.pick(channels);

  /** Starts a BFF. Its store is healthy by now, so a failed start is a finding. */
  async function start(bff: BffProcess): Promise<void> {
    disk?.markAllDurable();
    if (prng.chance(0.1)) channel = prng.pick(channels);
    const output = await bff.start(channel);
    if (output !== undefined) observer.reportFailure(`${bff.name} did not start: ${output}`);
  }

  async function startAll(): Promise<void> {
    await Promise.all(bffs.filter((bff) => !bff.isUp()).map(start));
  }

  async function killWhileStarting(): Promise<void> {
    const starting = startAll();
    await sleep(prng.between(20, 600));
    observer.count('killed while starting');
    await kill(bffs);
    await starting;
  }

  async function kill(victims: readonly BffProcess[]): Promise<void> {
    await Promise.all(victims.map((bff) => bff.kill()));
    disk?.empty();
    if (!disk || !(isLossy || prng.chance(0.5))) return;
    observer.count('power cut');
    disk.cutPower();
  }

  /** Resolves after `count` answers, or after MAX_RUN_MS. */
  async function waitForAnswers(count: number): Promise<void> {
    const over = new AbortController();
    const tooLong = sleep(MAX_RUN_MS, undefined, { signal: over.signal });
    await Promise.race([observer.waitForAnswers(count), tooLong]);
    over.abort();
    await tooLong.catch(() => undefined);
  }

  async function fillDisk(): Promise<void> {
    if (!disk || isLossy || !prng.chance(0.15)) return;
    await waitForAnswers(prng.between(0, FAULT_WITHIN_ANSWERS));
    observer.count('disk full');
    disk.fill();
    await sleep(prng.between(FULL_MS.least, FULL_MS.most));
    if (prng.chance(0.7)) disk.empty();
  }

  async function restartPostgres(): Promise<void> {
    if (storeConfig.dialect !== 'postgres' || !prng.chance(0.25)) return;
    const crashes = prng.chance(0.5);
    await waitForAnswers(prng.between(0, FAULT_WITHIN_ANSWERS));
    observer.count(crashes ? 'PostgreSQL crashed' : 'PostgreSQL restarted');
    if (crashes) await storeConfig.postgres.kill();
    await storeConfig.postgres.restart();
  }

  async function runUntilKilled(): Promise<void> {
    await startAll();
    const answered = waitForAnswers(prng.between(ANSWERS.least, ANSWERS.most));
    await Promise.all([answered, fillDisk(), restartPostgres()]);
    await sleep(prng.between(0, KILL_DELAY_MS));
    const all = bffs.length === 1 || prng.chance(0.3);
    await kill(all ? bffs : [prng.pick(bffs as [BffProcess, ...BffProcess[]])]);
  }

  /** Advances the clock while some or all BFFs are down. */
  async function advanceClock(): Promise<void> {
    const jump = prng.weighted({ none: 5, short: 3, long: 2 });
    if (jump === 'none') return;
    const ms = jump === 'short' ? prng.between(1, 90) * SECOND : prng.between(2, 40) * MINUTE;
    observer.count(jump === 'short' ? 'down for a minute' : 'down for long');
    const isAnyUp = bffs.some((bff) => bff.isUp());
    await clock.move(isAnyUp ? Math.min(ms, LONGEST_JUMP_MS) : ms);
  }

  return {
    /** Ends all faults and starts every BFF. */
    endFaults: async () => {
      await sandbox.faults();
      await startAll();
    },
    round: async () => {
      const { names, switches } = drawSandboxFaults(prng);
      names.forEach(observer.count);
      await sandbox.faults(switches);
      observer.count('killed');
      await (prng.chance(0.1) ? killWhileStarting() : runUntilKilled());
      await advanceClock();
      sandbox.assertAlive();
    },
  };
}
