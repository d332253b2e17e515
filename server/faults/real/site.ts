import { join } from 'node:path';
import { Client } from 'pg';
import { startOfBeijingMonth } from '@shared/beijing-time';
import type { ThrowawayPostgres } from '../../../config/postgres';
import type { SandboxCard } from '../../test/sandbox-controls';
import type { BffProcess } from './bff-process';
import { createBff } from './bff-process';
import type { Clock } from './clock';
import { startClock } from './clock';
import type { FaultyDisk } from './power-cut';
import { createFaultyDisk } from './power-cut';
import { openPostOffice } from './post-office';
import type { SandboxProcess } from './sandbox-process';
import { startSandbox } from './sandbox-process';
import type { Witness } from './witness';
import { createWitness } from './witness';
import type { Workshop } from './workshop';

/** Where the store of a site is kept. */
export type Ground =
  | { dialect: 'sqlite'; powerCut: string; synchronous: 'full' | 'normal' }
  | { dialect: 'postgres'; postgres: ThrowawayPostgres };

/** Everything that runs side by side, on an empty store. */
export interface Site {
  bffs: BffProcess[];
  sandbox: SandboxProcess;
  clock: Clock;
  witness: Witness;
  ground: Ground;
  databaseUrl: string;
  /** What a SQLite store lies on. */
  disk: FaultyDisk | undefined;
  /** Numbers of cards that packages are sold for. */
  cards: [string, ...string[]];
  remove(): Promise<void>;
}

const DAY = 24 * 60 * 60_000;
const BFFS = { sqlite: 1, postgres: 2 } as const;

interface SiteParts {
  workshop: Workshop;
  ground: Ground;
  /** Names the site among those of a run; its cards are made from it. */
  name: string;
}

/** Starts the platforms and prepares BFFs, which are not started. */
export async function openSite(parts: SiteParts): Promise<Site> {
  const { workshop, name } = parts;
  const folder = workshop.folder(name);
  const sandbox = await startSandbox(workshop, { seed: name, folder });
  try {
    return await settleIn({ ...parts, folder, sandbox });
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

async function settleIn({
  workshop,
  ground,
  name,
  folder,
  sandbox,
}: SiteParts & { folder: string; sandbox: SandboxProcess }): Promise<Site> {
  const clockFile = join(folder, 'clock');
  // In the middle of a month, so that packages end in the course of no run.
  const start = startOfBeijingMonth(Date.now()) + 10 * DAY;
  const clock = await startClock({ file: clockFile, start, moveSandbox: sandbox.moveTo });
  const store = await prepareStore(ground, folder, name);
  const cards = healthy(await sandbox.cards());
  const witness = createWitness();
  const bffs: BffProcess[] = [];
  const post = await openPostOffice({
    // Those that are up take turns.
    door: (turn) => {
      const up = bffs.filter((bff) => bff.isUp());
      return up[turn % up.length];
    },
    ...{ onTaken: witness.taken, onFault: witness.fault },
  });
  const environment = {
    ...sandbox.settings,
    ...store.environment,
    ...{ PUBLIC_URL: post.origin, LOG_LEVEL: 'error', RATE_LIMIT_PER_MINUTE: '1000000' },
  };
  while (bffs.length < BFFS[ground.dialect]) {
    const bffName = `BFF ${bffs.length + 1}`;
    const onDeath = (said: string) => witness.fault(`${bffName} ended by itself: ${said}`);
    bffs.push(
      await createBff({ name: bffName, workshop, environment, folder, clockFile, onDeath }),
    );
  }
  const remove = async () => {
    post.close();
    await Promise.all([...bffs.map((bff) => bff.stop()), sandbox.stop()]);
  };
  const { databaseUrl, disk } = store;
  return { bffs, sandbox, clock, witness, ground, databaseUrl, disk, cards, remove };
}

interface PreparedStore {
  databaseUrl: string;
  disk: FaultyDisk | undefined;
  environment: Readonly<Record<string, string>>;
}

async function prepareStore(ground: Ground, folder: string, name: string): Promise<PreparedStore> {
  if (ground.dialect === 'postgres') {
    const databaseUrl = await createDatabase(ground.postgres.url, name.replaceAll('-', '_'));
    return { databaseUrl, disk: undefined, environment: { DATABASE_URL: databaseUrl } };
  }
  const database = join(folder, 'liuka.db');
  const databaseUrl = `sqlite:${database}`;
  const disk = createFaultyDisk({ library: ground.powerCut, database, folder });
  const lossy = {
    DATABASE_URL: `${databaseUrl}?synchronous=normal`,
    UNSAFE_STORE: 'paid orders may be lost',
  };
  const address = ground.synchronous === 'normal' ? lossy : { DATABASE_URL: databaseUrl };
  return { databaseUrl, disk, environment: { ...address, ...disk.environment } };
}

/** @returns the address of an empty database of this name */
async function createDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

function healthy(cards: readonly SandboxCard[]): [string, ...string[]] {
  const numbers = cards
    .filter(({ carrier, carrierCode }) => carrierCode === (carrier === 'mobile' ? '0' : '1'))
    .map(({ iccid }) => iccid);
  const [first, ...others] = numbers;
  if (first === undefined) throw new Error('the sandbox has no healthy card');
  return [first, ...others];
}
