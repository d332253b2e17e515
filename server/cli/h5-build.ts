import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LocalizedText } from '@shared/language';

export const H5_INDEX = 'dist/h5/index.html';
/** Says that `npm run dev` wrote the folder: such a build is larger and slower. */
const DEVELOPMENT_MARK = 'dist/h5/.development';
const SOURCES = ['client', 'shared', 'config', 'babel.config.js', 'package.json'];
const PROGRESS_EVERY_MS = 5_000;

function newestChange(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isUpToDate(): boolean {
  if (!existsSync(H5_INDEX) || existsSync(DEVELOPMENT_MARK)) return false;
  const built = statSync(H5_INDEX).mtimeMs;
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
      if (code === 0 && existsSync(H5_INDEX)) resolve();
      else reject(new Error(`the client could not be built:\n${output}`));
    });
  });
}

/** Makes the next `npm start` build the client again. */
export function markAsDevelopmentBuild(): void {
  mkdirSync(dirname(DEVELOPMENT_MARK), { recursive: true });
  writeFileSync(DEVELOPMENT_MARK, '');
}

/** Builds the H5 client if its sources changed since it was last built. @throws Error with the build's output */
export async function buildH5IfNeeded(
  say: (text: LocalizedText) => string,
  printLine: (text: string) => void,
): Promise<void> {
  if (isUpToDate()) return;
  const text = {
    'zh-CN': '正在构建客户端，首次约 1 分钟',
    en: 'Building the client; the first time this takes about a minute',
  };
  printLine(say(text));
  await build(printLine);
  rmSync(DEVELOPMENT_MARK, { force: true });
}
