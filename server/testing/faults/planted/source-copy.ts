import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A temporary copy of the sources. */
export interface SourceCopy {
  folder: string;
  remove(): void;
}

/** What simulated schedules need. */
const PARTS = ['server', 'shared', 'package.json', 'tsconfig.json'];

/** @param root the project's folder */
export function copySources(root: string): SourceCopy {
  const folder = mkdtempSync(join(tmpdir(), 'liuka-planted-'));
  for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(resolve(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Applies a patch to a copy.
 * @throws Error if it no longer applies
 */
export function applyMutation({ folder }: SourceCopy, patchFile: string): void {
  const { status, stderr } = spawnSync('git', ['apply', '--verbose', patchFile], {
    cwd: folder,
    encoding: 'utf8',
    // Otherwise git could find a repository around the folder and apply nothing.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
  });
  if (status === 0) return;
  throw new Error(`${patchFile} no longer applies; update it:\n${stderr}`);
}
