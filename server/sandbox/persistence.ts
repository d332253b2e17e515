import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { faultCode } from './fault-code';
import { sandboxState, type SandboxState } from './state';

const SAVE_AFTER_MS = 250;

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (faultCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Reads a state written before; undefined where there is no such file.
 * @throws Error where the file cannot be read or holds something else.
 */
export function loadState(file: string): SandboxState | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return sandboxState.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} does not hold the state of a sandbox`, { cause });
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${String(process.pid)}.tmp`;
  await writeFile(draft, text);
  await rename(draft, file);
}

export interface Saver {
  /** Something changed: it will be saved shortly, with what else changes until then. */
  touch(): void;
  /** Saves once more and then never again. */
  close(): Promise<void>;
}

/** Keeps a state in a file; a reader of the file sees one whole state or the other. */
export function createSaver(
  file: string,
  state: SandboxState,
  onError: (error: unknown) => void,
): Saver {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let writing: Promise<void> = Promise.resolve();

  function save(): Promise<void> {
    timer = undefined;
    writing = writing.then(() => writeWhole(file, JSON.stringify(state))).catch(onError);
    return writing;
  }

  return {
    touch() {
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
export const noSaver: Saver = { touch: () => undefined, close: () => Promise.resolve() };
