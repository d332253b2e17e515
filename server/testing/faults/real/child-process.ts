import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** How much of a process's output is kept, in characters. */
const OUTPUT_LIMIT = 6_000;

export interface ChildOptions {
  /** node's arguments. */
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
  folder: string;
  /** Matches the line of its output that says it is ready. */
  ready: RegExp;
}

/** A node process in a process group of its own. */
export interface Child {
  /** Resolves with the first group of `ready`; with undefined if the process ended before. */
  readonly ready: Promise<string | undefined>;
  /** Resolves when it has ended. */
  readonly gone: Promise<void>;
  isGone(): boolean;
  /** The end of its output. */
  tail(): string;
  /** Kills the whole group with SIGKILL. Resolves when it has ended. */
  kill(): Promise<void>;
}

/** Starts node with a program. On Linux it also ends when this process does, however that happens. */
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
