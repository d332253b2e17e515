import { accessSync, constants } from 'node:fs';
import { installDebianPackages } from './debian';

const DEFAULT_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of the H5 tests: `CHROMIUM_PATH`, else where systems usually keep one. */
export function findChromium(): string | undefined {
  const configured = process.env.CHROMIUM_PATH;
  const candidates = configured === undefined || configured === '' ? DEFAULT_PATHS : [configured];
  return candidates.find(isExecutable);
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
  if (installed === undefined) throw new Error(installHint('apt-get left no browser behind'));
  return installed;
}

function installChromium(): void {
  console.log('No Chromium found: installing Debian’s (apt-get install chromium fonts-noto-cjk).');
  // The fonts too: without them every Chinese character on a screenshot is an empty box.
  installDebianPackages(['chromium', 'fonts-noto-cjk'], installHint);
}

function installHint(reason: string): string {
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
