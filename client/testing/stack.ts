import { fork } from 'node:child_process';
import { join } from 'node:path';

interface Addresses {
  sandboxUrl: string;
  apiUrl: string;
  /** The BFF's database, for the commands of operators. */
  databaseUrl: string;
}

/** The running simulated platforms and BFF. */
export interface Stack extends Addresses {
  stop(): Promise<void>;
}

/**
 * Starts the simulated platforms and the BFF in a separate process, so that they do not share the test's
 * globals and module registry.
 *
 * @throws Error with the output of the process if it does not start
 */
export function startStack(): Promise<Stack> {
  const child = fork(join(__dirname, 'stack-process.ts'), {
    cwd: join(__dirname, '../..'),
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'test' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const collectOutput = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on('data', collectOutput);
  child.stderr?.on('data', collectOutput);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  return new Promise((resolve, reject) => {
    void ended.then(() => reject(new Error(`the BFF and its platforms did not start:\n${output}`)));
    child.once('message', (message) => {
      const stop = () => {
        if (child.connected) child.disconnect();
        return ended;
      };
      resolve({ ...(message as Addresses), stop });
    });
  });
}
