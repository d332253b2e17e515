import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A copy of the sources, to be changed and thrown away. */
export interface SourceCopy {
  folder: string;
  remove(): void;
}

/** What the schedules run on, and what it takes to run them. */
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
 * Plants a bug in a copy.
 * @throws Error if the patch does not fit the sources any more: then it proves nothing
 */
export function applyMutation({ folder }: SourceCopy, patchFile: string): void {
  const { status, stderr } = spawnSync('git', ['apply', '--verbose', patchFile], {
    cwd: folder,
    encoding: 'utf8',
    // Without it git would look for a repository around the folder, and apply nothing.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
  });
  if (status === 0) return;
  throw new Error(`${patchFile} does not apply any more; write it anew:\n${stderr}`);
}
