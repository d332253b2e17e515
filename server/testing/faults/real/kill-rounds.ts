import { setTimeout as sleep } from 'node:timers/promises';
import type { Prng } from '../simulated/prng';
import type { BffProcess } from './bff-process';
import { drawSandboxFaults } from './sandbox-faults';
import type { Site } from './site';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * A BFF is killed so long after it gave so many answers, or when it has lived for so long (ms of real
 * time): by its work, so that much happens on a slow machine as well.
 */
const ANSWERS = { least: 1, most: 60 };
const KILL_DELAY_MS = 40;
const MAX_RUN_MS = 4 * SECOND;
/** How long a disk is full (ms), and after how many answers something befalls the store. */
const FULL_MS = { least: 30, most: 500 };
const FAULT_WITHIN_ANSWERS = 30;
/** How far the calendar may jump for a BFF that is up, in ms: not beyond what signatures bear. */
const LONGEST_JUMP_MS = 100 * SECOND;

type Environment = Readonly<Record<string, string>>;

/** The channels new orders are paid through, and how people sign in beside them. */
const channels: readonly [Environment, ...Environment[]] = [
  { PAYMENT: 'shingsou', LOGIN: 'shingsou' },
  { PAYMENT: 'wechatpay', LOGIN: 'wechat' },
];

/** Kills BFFs again and again while people buy; each round ends with one kill, or one of all. */
export function createRounds(site: Site, chance: Prng) {
  const { bffs, sandbox, clock, observer, storeConfig, disk } = site;
  const isLossy = storeConfig.dialect === 'sqlite' && storeConfig.synchronous === 'normal';
  let channel = chance.pick(channels);

  /** A BFF that ends by itself before it listens is a finding: nothing is wrong with its store by then. */
  async function start(bff: BffProcess): Promise<void> {
    disk?.markAllDurable();
    if (chance.chance(0.1)) channel = chance.pick(channels);
    const output = await bff.start(channel);
    if (output !== undefined) observer.reportFailure(`${bff.name} did not start: ${output}`);
  }

  async function startAll(): Promise<void> {
    await Promise.all(bffs.filter((bff) => !bff.isUp()).map(start));
  }

  async function killWhileStarting(): Promise<void> {
    const starting = startAll();
    await sleep(chance.between(20, 600));
    observer.count('killed while starting');
    await kill(bffs);
    await starting;
  }

  async function kill(victims: readonly BffProcess[]): Promise<void> {
    await Promise.all(victims.map((bff) => bff.kill()));
    disk?.empty();
    if (!disk || !(isLossy || chance.chance(0.5))) return;
    observer.count('power cut');
    disk.cutPower();
  }

  /** Resolves after so many answers, or when a BFF has lived long enough. */
  async function waitForAnswers(count: number): Promise<void> {
    const over = new AbortController();
    const tooLong = sleep(MAX_RUN_MS, undefined, { signal: over.signal });
    await Promise.race([observer.waitForAnswers(count), tooLong]);
    over.abort();
    await tooLong.catch(() => undefined);
  }

  async function fillDisk(): Promise<void> {
    if (!disk || isLossy || !chance.chance(0.15)) return;
    await waitForAnswers(chance.between(0, FAULT_WITHIN_ANSWERS));
    observer.count('disk full');
    disk.fill();
    await sleep(chance.between(FULL_MS.least, FULL_MS.most));
    if (chance.chance(0.7)) disk.empty();
  }

  async function restartPostgres(): Promise<void> {
    if (storeConfig.dialect !== 'postgres' || !chance.chance(0.25)) return;
    const crashes = chance.chance(0.5);
    await waitForAnswers(chance.between(0, FAULT_WITHIN_ANSWERS));
    observer.count(crashes ? 'PostgreSQL crashed' : 'PostgreSQL restarted');
    if (crashes) await storeConfig.postgres.kill();
    await storeConfig.postgres.restart();
  }

  async function runUntilKilled(): Promise<void> {
    await startAll();
    const processRun = waitForAnswers(chance.between(ANSWERS.least, ANSWERS.most));
    await Promise.all([processRun, fillDisk(), restartPostgres()]);
    await sleep(chance.between(0, KILL_DELAY_MS));
    const all = bffs.length === 1 || chance.chance(0.3);
    await kill(all ? bffs : [chance.pick(bffs as [BffProcess, ...BffProcess[]])]);
  }

  /** Time passes while nobody, or only one of several, is there. */
  async function advanceClock(): Promise<void> {
    const jump = chance.weighted({ none: 5, short: 3, long: 2 });
    if (jump === 'none') return;
    const ms = jump === 'short' ? chance.between(1, 90) * SECOND : chance.between(2, 40) * MINUTE;
    observer.count(jump === 'short' ? 'down for a minute' : 'down for long');
    const isAnyUp = bffs.some((bff) => bff.isUp());
    await clock.move(isAnyUp ? Math.min(ms, LONGEST_JUMP_MS) : ms);
  }

  return {
    /** Everybody is up, and nothing is wrong any more. */
    endFaults: async () => {
      await sandbox.faults();
      await startAll();
    },
    round: async () => {
      const { names, switches } = drawSandboxFaults(chance);
      names.forEach(observer.count);
      await sandbox.faults(switches);
      observer.count('killed');
      await (chance.chance(0.1) ? killWhileStarting() : runUntilKilled());
      await advanceClock();
      sandbox.assertAlive();
    },
  };
}
