import { createServer } from 'node:net';
import { once } from 'node:events';
import { Agent, type Dispatcher } from 'undici';
import type { Child } from './child';
import { startChild } from './child';
import type { Workshop } from './workshop';

/** An address of the shop, and connections to it. */
export interface Door {
  origin: string;
  dispatcher: Dispatcher;
}

/** One BFF, as it runs in production, and as often as it is started. */
export interface BffProcess extends Door {
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
  workshop: Workshop;
  environment: Readonly<Record<string, string>>;
  /** Where it runs. */
  folder: string;
  clockFile: string;
  /** Told when it ends by itself after it listened, with what it said last. */
  onDeath: (said: string) => void;
}

/** What became of one start. */
interface Life {
  child: Child;
  isReady: boolean;
  isKilled: boolean;
}

const LISTENS = /Liuka is listening on (\S+)/;
/** Ports below those that systems give to outgoing calls, one of which could take ours while we are down. */
const PORTS = { from: 20_000, to: 30_000 };
/** Longer than that, a customer waits for no answer, in ms. */
const PATIENCE_MS = 6_000;

/** Prepares a BFF that has not started, with an address of its own. */
export async function createBff(parts: BffParts): Promise<BffProcess> {
  const { name, workshop, environment, folder, clockFile, onDeath } = parts;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const dispatcher = new Agent({ headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
  let life: Life | undefined;

  async function start(extra: Readonly<Record<string, string>>): Promise<string | undefined> {
    const child = startChild({
      args: ['--require', workshop.clockPreload, workshop.bff],
      environment: {
        ...environment,
        ...{ PORT: String(port), FAULTS_CLOCK: clockFile },
        ...extra,
      },
      folder,
      ready: LISTENS,
    });
    const begun: Life = { child, isReady: false, isKilled: false };
    life = begun;
    begun.isReady = (await child.ready) !== undefined;
    if (!begun.isReady) return begun.isKilled ? undefined : child.tail();
    void child.gone.then(() => {
      if (!begun.isKilled) onDeath(child.tail());
    });
    return undefined;
  }

  async function kill(): Promise<void> {
    if (!life || life.child.isGone()) return;
    life.isKilled = true;
    await life.child.kill();
  }

  return {
    name,
    origin,
    dispatcher,
    isUp: () => life !== undefined && life.isReady && !life.child.isGone(),
    start,
    kill,
    tail: () => life?.child.tail() ?? '',
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
