import { join } from 'node:path';
import { Client } from 'pg';
import { startOfBeijingMonth } from '@shared/beijing-time';
import type { TemporaryPostgres } from '../../../../config/postgres';
import type { SandboxCard } from '../../sandbox-controls';
import { type BffProcess, createBff } from './bff-process';
import { type Clock, startClock } from './clock';
import { createFaultyDisk, type FaultyDisk } from './power-cut';
import { startNotificationProxy } from './notification-proxy';
import { type SandboxProcess, startSandbox } from './sandbox-process';
import { createObserver, type Observer } from './observer';
import type { Bundles } from './bundles';

/** Where the store of a site is kept. */
export type StoreConfig =
  | { dialect: 'sqlite'; powerCut: string; synchronous: 'full' | 'normal' }
  | { dialect: 'postgres'; postgres: TemporaryPostgres };

/** Sandbox, BFFs and store of a run. */
export interface Site {
  bffs: BffProcess[];
  sandbox: SandboxProcess;
  clock: Clock;
  observer: Observer;
  storeConfig: StoreConfig;
  databaseUrl: string;
  /** The disk of a SQLite store. */
  disk: FaultyDisk | undefined;
  /** The numbers of cards that packages can be bought for. */
  cards: [string, ...string[]];
  remove(): Promise<void>;
}

const DAY = 24 * 60 * 60_000;
const BFFS = { sqlite: 1, postgres: 2 } as const;

interface SiteParts {
  bundles: Bundles;
  storeConfig: StoreConfig;
  /** The site's name within a run, and the seed of its cards. */
  name: string;
}

/** Starts the sandbox and prepares the BFFs without starting them. */
export async function openSite(parts: SiteParts): Promise<Site> {
  const { bundles, name } = parts;
  const folder = bundles.folder(name);
  const sandbox = await startSandbox(bundles, { seed: name, folder });
  try {
    return await prepareSite({ ...parts, folder, sandbox });
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

async function prepareSite({
  bundles,
  storeConfig,
  name,
  folder,
  sandbox,
}: SiteParts & { folder: string; sandbox: SandboxProcess }): Promise<Site> {
  const clockFile = join(folder, 'clock');
  // In the middle of a month, so that no package ends during a run.
  const start = startOfBeijingMonth(Date.now()) + 10 * DAY;
  const clock = await startClock({ file: clockFile, start, moveSandbox: sandbox.setClock });
  const store = await prepareStore(storeConfig, folder, name);
  const cards = healthyCards(await sandbox.cards());
  const observer = createObserver();
  const bffs: BffProcess[] = [];
  const notificationProxy = await startNotificationProxy({
    // Round-robin over the BFFs that are up.
    pickBff: (turn) => {
      const up = bffs.filter((bff) => bff.isUp());
      return up[turn % up.length];
    },
    onAcknowledged: observer.recordAcknowledged,
    onFault: observer.reportFailure,
  });
  const environment = {
    ...sandbox.settings,
    ...store.environment,
    PUBLIC_URL: notificationProxy.origin,
    LOG_LEVEL: 'error',
    RATE_LIMIT_PER_MINUTE: '1000000',
  };
  while (bffs.length < BFFS[storeConfig.dialect]) {
    const bffName = `BFF ${bffs.length + 1}`;
    const onUnexpectedExit = (output: string) =>
      observer.reportFailure(`${bffName} ended by itself: ${output}`);
    bffs.push(
      await createBff({ name: bffName, bundles, environment, folder, clockFile, onUnexpectedExit }),
    );
  }
  const remove = async () => {
    notificationProxy.close();
    await Promise.all([...bffs.map((bff) => bff.stop()), sandbox.stop()]);
  };
  const { databaseUrl, disk } = store;
  return { bffs, sandbox, clock, observer, storeConfig, databaseUrl, disk, cards, remove };
}

interface PreparedStore {
  databaseUrl: string;
  disk: FaultyDisk | undefined;
  environment: Readonly<Record<string, string>>;
}

async function prepareStore(
  storeConfig: StoreConfig,
  folder: string,
  name: string,
): Promise<PreparedStore> {
  if (storeConfig.dialect === 'postgres') {
    const databaseUrl = await createDatabase(storeConfig.postgres.url, name.replaceAll('-', '_'));
    return { databaseUrl, disk: undefined, environment: { DATABASE_URL: databaseUrl } };
  }
  const database = join(folder, 'liuka.db');
  const databaseUrl = `sqlite:${database}`;
  const disk = createFaultyDisk({ library: storeConfig.powerCut, database, folder });
  const lossy = {
    DATABASE_URL: `${databaseUrl}?synchronous=normal`,
    UNSAFE_STORE: 'paid orders may be lost',
  };
  const address = storeConfig.synchronous === 'normal' ? lossy : { DATABASE_URL: databaseUrl };
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

function healthyCards(cards: readonly SandboxCard[]): [string, ...string[]] {
  const numbers = cards
    .filter(({ carrier, carrierCode }) => carrierCode === (carrier === 'mobile' ? '0' : '1'))
    .map(({ iccid }) => iccid);
  const [first, ...others] = numbers;
  if (first === undefined) throw new Error('the sandbox has no healthy card');
  return [first, ...others];
}
