import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** How much of what a process says is kept, in characters. */
const OUTPUT_LIMIT = 6_000;

export interface ChildOptions {
  /** node's arguments. */
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
  folder: string;
  /** What it says on its standard output when it is ready; the first group is handed over. */
  ready: RegExp;
}

/** A program of ours in a process group of its own. */
export interface Child {
  /** Resolves with what `ready` found; with undefined where it ended before it was. */
  readonly ready: Promise<string | undefined>;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
  isGone(): boolean;
  /** What it said last, for whoever has to find out why. */
  tail(): string;
  /** Ends the whole group at once, as nothing can be kept from doing. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts node with a program. Where Linux lets us, it ends when we do, however that is. */
export function startChild({ args, environment, folder, ready }: ChildOptions): Child {
  const [command, ...rest] = [...parentDeathCommand(), process.execPath, ...args] as [
    string,
    ...string[],
  ];
  const child = spawn(command, rest, {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
    child.once('error', (error) => {
      output += error.message;
      resolve();
    });
  });
  const isReady = new Promise<string | undefined>((resolve) => {
    const listen = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_LIMIT);
      const found = ready.exec(output);
      if (found) resolve(found[1]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void gone.then(() => {
      resolve(undefined);
    });
  });
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    ready: isReady,
    gone,
    isGone,
    tail: () => output,
    kill: async () => {
      if (!isGone()) killGroup(child);
      await gone;
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const hasEnded = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!hasEnded) throw error;
  }
}

let parentDeathArgs: string[] | undefined;

function parentDeathCommand(): string[] {
  parentDeathArgs ??=
    spawnSync('setpriv', ['--pdeathsig', 'keep', 'true'], { stdio: 'ignore' }).status === 0
      ? ['setpriv', '--pdeathsig', 'KILL']
      : [];
  return parentDeathArgs;
}
