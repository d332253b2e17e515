import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of the H5 tests: `CHROMIUM_PATH`, else where systems usually keep one. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  const places = named === undefined || named === '' ? USUAL_PLACES : [named];
  return places.find(isExecutable);
}

/**
 * The browser's path, after installing Debian's package where there is none.
 *
 * @throws Error saying what to do where it can't be installed.
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.env.CHROMIUM_PATH) {
    throw new Error(`CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, which can't be run.`);
  }
  installChromium();
  const installed = findChromium();
  if (installed === undefined) throw new Error(missing('apt-get left no browser behind'));
  return installed;
}

function installChromium(): void {
  console.log('No Chromium found: installing Debian’s (apt-get install chromium fonts-noto-cjk).');
  aptGet('update');
  // The fonts too: without them every Chinese character on a screenshot is an empty box.
  aptGet('install', '--yes', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
}

function aptGet(...args: string[]): void {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [command = 'apt-get', ...rest] = [...asRoot, 'apt-get', ...args];
  const { status, error } = spawnSync(command, rest, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error) throw new Error(missing(error.message));
  if (status !== 0) throw new Error(missing(`apt-get ${args[0] ?? ''} failed`));
}

function missing(reason: string): string {
  return (
    `The H5 tests need Chromium and it can't be installed here (${reason}). ` +
    'Install chromium and fonts-noto-cjk, or set CHROMIUM_PATH to a Chromium or Chrome.'
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
