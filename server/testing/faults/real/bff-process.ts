import { createServer } from 'node:net';
import { once } from 'node:events';
import { Agent, type Dispatcher } from 'undici';
import { type Child, startChild } from './child-process';
import type { Bundles } from './bundles';

/** The address of a BFF, and the connections to it. */
export interface BffEndpoint {
  origin: string;
  dispatcher: Dispatcher;
}

/** A BFF that runs as in production and can be restarted. */
export interface BffProcess extends BffEndpoint {
  name: string;
  isUp(): boolean;
  /**
   * Starts it; resolves when it listens or was killed before. `environment` is added to its own.
   * @returns the end of its output if it exited by itself before it listened
   */
  start(environment: Readonly<Record<string, string>>): Promise<string | undefined>;
  /** Kills it with -9. */
  kill(): Promise<void>;
  /** The end of its output. */
  tail(): string;
  stop(): Promise<void>;
}

interface BffParts {
  name: string;
  bundles: Bundles;
  environment: Readonly<Record<string, string>>;
  /** Its working directory. */
  folder: string;
  clockFile: string;
  /** Called with the end of its output if it exits by itself after it listened. */
  onUnexpectedExit: (output: string) => void;
}

/** One start of the process. */
interface ProcessRun {
  child: Child;
  isReady: boolean;
  isKilled: boolean;
}

const LISTENS = /Liuka is listening on (\S+)/;
/** Ports below the ephemeral range: an outgoing connection could take one of those while the BFF is down. */
const PORTS = { from: 20_000, to: 30_000 };
/** How long a customer waits for a response, in ms. */
const TIMEOUT_MS = 6_000;

/** Prepares a BFF on a port of its own, without starting it. */
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

/** Ports that are assigned already: a BFF that is down does not hold its port. */
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
