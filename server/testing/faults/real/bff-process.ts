import { createServer } from 'node:net';
import { once } from 'node:events';
import { Agent, type Dispatcher } from 'undici';
import type { Child } from './child-process';
import { startChild } from './child-process';
import type { Bundles } from './bundles';

/** An address of the shop, and connections to it. */
export interface BffEndpoint {
  origin: string;
  dispatcher: Dispatcher;
}

/** One BFF, as it runs in production, and as often as it is started. */
export interface BffProcess extends BffEndpoint {
  name: string;
  isUp(): boolean;
  /**
   * Starts it; resolves when it listens, or was killed before. `environment` is added to its own.
   * @returns what it said if it ended by itself before it listened
   */
  start(environment: Readonly<Record<string, string>>): Promise<string | undefined>;
  /** Kills it with -9. */
  kill(): Promise<void>;
  /** What it said last. */
  tail(): string;
  stop(): Promise<void>;
}

interface BffParts {
  name: string;
  bundles: Bundles;
  environment: Readonly<Record<string, string>>;
  /** Where it runs. */
  folder: string;
  clockFile: string;
  /** Told when it ends by itself after it listened, with what it said last. */
  onUnexpectedExit: (output: string) => void;
}

/** What became of one start. */
interface ProcessRun {
  child: Child;
  isReady: boolean;
  isKilled: boolean;
}

const LISTENS = /Liuka is listening on (\S+)/;
/** Ports below those that systems give to outgoing calls, one of which could take ours while we are down. */
const PORTS = { from: 20_000, to: 30_000 };
/** Longer than that, a customer waits for no answer, in ms. */
const TIMEOUT_MS = 6_000;

/** Prepares a BFF that has not started, with an address of its own. */
export async function createBff(parts: BffParts): Promise<BffProcess> {
  const { name, bundles, environment, folder, clockFile, onUnexpectedExit } = parts;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const dispatcher = new Agent({ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  let processRun: ProcessRun | undefined;

  async function start(extra: Readonly<Record<string, string>>): Promise<string | undefined> {
    const child = startChild({
      args: ['--require', bundles.clockPreload, bundles.bff],
      environment: {
        ...environment,
        PORT: String(port),
        FAULTS_CLOCK: clockFile,
        ...extra,
      },
      folder,
      ready: LISTENS,
    });
    const started: ProcessRun = { child, isReady: false, isKilled: false };
    processRun = started;
    started.isReady = (await child.ready) !== undefined;
    if (!started.isReady) return started.isKilled ? undefined : child.tail();
    void child.gone.then(() => {
      if (!started.isKilled) onUnexpectedExit(child.tail());
    });
    return undefined;
  }

  async function kill(): Promise<void> {
    if (!processRun || processRun.child.isGone()) return;
    processRun.isKilled = true;
    await processRun.child.kill();
  }

  return {
    name,
    origin,
    dispatcher,
    isUp: () => processRun !== undefined && processRun.isReady && !processRun.child.isGone(),
    start,
    kill,
    tail: () => processRun?.child.tail() ?? '',
    stop: async () => {
      await kill();
      await dispatcher.destroy();
    },
  };
}

async function freePort(): Promise<number> {
  const first = PORTS.from + (process.pid % (PORTS.to - PORTS.from));
  for (let offset = 0; ; offset += 1) {
    const port = PORTS.from + ((first - PORTS.from + offset) % (PORTS.to - PORTS.from));
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port);
      return port;
    }
  }
}

/** Handed out here already: a BFF that is down does not hold its port. */
const taken = new Set<number>();

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
