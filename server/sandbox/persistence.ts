import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './error-code';
import { sandboxState, type SandboxState } from './state';

const SAVE_AFTER_MS = 250;

function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Reads a saved state; undefined if there is no file.
 * @throws Error if the file cannot be read or does not hold a state
 */
export function loadState(file: string): SandboxState | undefined {
  const text = readIfExists(file);
  if (text === undefined) return undefined;
  try {
    return sandboxState.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} does not hold the state of a sandbox`, { cause });
  }
}

async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporaryFile = `${file}.${String(process.pid)}.tmp`;
  await writeFile(temporaryFile, text);
  await rename(temporaryFile, file);
}

export interface StateSaver {
  /** Schedules a save after a short delay, unless one is scheduled. */
  scheduleSave(): void;
  /** Saves a last time. */
  close(): Promise<void>;
}

/** Saves a state to a file atomically. */
export function createSaver(
  file: string,
  state: SandboxState,
  onError: (error: unknown) => void,
): StateSaver {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let writing: Promise<void> = Promise.resolve();

  function save(): Promise<void> {
    timer = undefined;
    writing = writing.then(() => writeAtomically(file, JSON.stringify(state))).catch(onError);
    return writing;
  }

  return {
    scheduleSave() {
      if (!closed) timer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      return save();
    },
  };
}

/** For a state that is kept in memory only. */
export const noSaver: StateSaver = {
  scheduleSave: () => undefined,
  close: () => Promise.resolve(),
};
