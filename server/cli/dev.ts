import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createProgram, startProgram } from '../lib/command-line';
import { H5_INDEX, markAsDevelopmentBuild } from './h5-build';

/**
 * `npm run dev`: as `npm start`, and follows changes. Taro rebuilds `dist/h5` when the client changes;
 * tsx restarts the server when its own sources change or a new `index.html` was written.
 */

function startClientBuild(): ChildProcess {
  const taro = require.resolve('@tarojs/cli/bin/taro');
  return spawn(process.execPath, [taro, 'build', '--type', 'h5', '--watch'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'development' },
  });
}

function startServerWatch(): ChildProcess {
  const tsx = require.resolve('tsx/cli');
  const options = ['watch', '--clear-screen=false', `--include=${H5_INDEX}`];
  return spawn(process.execPath, [tsx, ...options, 'server/cli/start.ts', '--no-build'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Ends both when one of them ends, or by a signal. */
function keepTogether(children: readonly ChildProcess[]): void {
  const stop = () => {
    for (const child of children) child.kill('SIGTERM');
  };
  for (const child of children) {
    child.once('exit', (code) => {
      if (code !== 0 && code !== null) process.exitCode = code;
      stop();
    });
  }
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

const program = createProgram({
  name: 'npm run dev --',
  summary:
    'Starts everything as npm start does, rebuilds the H5 client and restarts the server when their sources change. Reload the page to see a change. Settings are those of npm start.',
  examples: ['npm run dev', 'PORT=4000 npm run dev'],
}).action(() => {
  markAsDevelopmentBuild();
  keepTogether([startClientBuild(), startServerWatch()]);
});

startProgram(program);
