import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/h5/index.html';
const SOURCES = ['client', 'shared', 'config', 'babel.config.js', 'package.json'];
const PROGRESS_EVERY_MS = 5_000;

function newestChange(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isUpToDate(): boolean {
  if (!existsSync(BUILT)) return false;
  const built = statSync(BUILT).mtimeMs;
  return SOURCES.every((source) => !existsSync(source) || newestChange(source) <= built);
}

function build(printLine: (text: string) => void): Promise<void> {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const child = spawn(
    process.execPath,
    [require.resolve('@tarojs/cli/bin/taro'), 'build', '--type', 'h5'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const progress = setInterval(() => {
    printLine(`  … ${String(seconds())} s`);
  }, PROGRESS_EVERY_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(progress);
      if (code === 0 && existsSync(BUILT)) resolve();
      else reject(new Error(`the client could not be built:\n${output}`));
    });
  });
}

/** Builds the H5 client if its sources changed since it was last built. @throws Error with the build's output */
export async function buildH5IfNeeded(printLine: (text: string) => void): Promise<void> {
  if (isUpToDate()) return;
  printLine('正在构建客户端，首次约 1 分钟 (building the client, about a minute the first time)');
  await build(printLine);
}
