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
 * Reads a state written before; undefined where there is no such file.
 * @throws Error where the file cannot be read or holds something else.
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
  /** Something changed: it will be saved shortly, with what else changes until then. */
  scheduleSave(): void;
  /** Saves once more and then never again. */
  close(): Promise<void>;
}

/** Keeps a state in a file; a reader of the file sees one whole state or the other. */
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

/** Where nothing is kept. */
export const noSaver: StateSaver = {
  scheduleSave: () => undefined,
  close: () => Promise.resolve(),
};
