import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { installDebianPackages } from '../../../../config/debian';

const SOURCE = 'server/testing/faults/real/power-cut.c';

/** The files of a SQLite store that survive a power cut: the WAL index (-shm) is rebuilt. */
const ENDINGS = ['', '-wal', '-journal'];

/** A disk that keeps what was synced, and can be full. */
export interface FaultyDisk {
  /** For a process whose store is on it. */
  environment: Readonly<Record<string, string>>;
  /** Call it before a process starts: the files count as synced from then on. */
  markAllDurable(): void;
  /** Call it after the process was killed: discards everything that was not synced. */
  cutPower(): void;
  fill(): void;
  empty(): void;
}

/**
 * Compiles the library that intercepts a process's writes (see power-cut.c).
 * @returns its path
 * @throws Error with what to do if it cannot be compiled
 */
export function buildPowerCut(folder: string): string {
  const library = join(folder, 'power-cut.so');
  const options = ['-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'];
  const { status, stderr } = spawnSync(
    ensureCompiler(),
    [...options, '-o', library, resolve(SOURCE), '-ldl'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${SOURCE} does not compile:\n${stderr}`);
  return library;
}

function findCompiler(): string | undefined {
  const canRun = (name: string) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
  return ['cc', 'gcc', 'clang'].find(canRun);
}

function ensureCompiler(): string {
  const found = findCompiler();
  if (found !== undefined) return found;
  process.stderr.write('No C compiler found: installing Debian’s (apt-get install gcc).\n');
  installDebianPackages(['gcc', 'libc6-dev'], missing);
  const installed = findCompiler();
  if (installed === undefined) throw new Error(missing('apt-get left no compiler behind'));
  return installed;
}

function missing(reason: string): string {
  return (
    `Cutting the power needs Linux and a C compiler, and it can't be installed here (${reason}). ` +
    'Install gcc and libc6-dev.'
  );
}

/** @param database path of the store's file */
export function createFaultyDisk(parts: {
  library: string;
  database: string;
  folder: string;
}): FaultyDisk {
  const { library, database, folder } = parts;
  const durable = join(folder, 'durable');
  const full = join(folder, 'disk-is-full');
  mkdirSync(durable, { recursive: true });
  const durablePath = (ending: string) => join(durable, `${basename(database)}${ending}`);

  return {
    environment: {
      LD_PRELOAD: library,
      FAULTS_STORE: database,
      FAULTS_DURABLE: durable,
      FAULTS_DISK_FULL: full,
    },
    markAllDurable: () => {
      for (const ending of ENDINGS) replace(`${database}${ending}`, durablePath(ending));
    },
    cutPower: () => {
      rmSync(`${database}-shm`, { force: true });
      for (const ending of ENDINGS) replace(durablePath(ending), `${database}${ending}`);
    },
    fill: () => {
      writeFileSync(full, '');
    },
    empty: () => {
      rmSync(full, { force: true });
    },
  };
}

function replace(from: string, to: string): void {
  if (existsSync(from)) copyFileSync(from, to);
  else rmSync(to, { force: true });
}
