import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** The bundles that the processes run, in a temporary folder. */
export interface Bundles {
  /** The BFF, bundled as `npm run build:server` does. */
  bff: string;
  sandbox: string;
  /** To be required before the BFF, so that its clock follows a file. */
  clockPreload: string;
  /** Creates a folder beside the bundles. */
  folder(name: string): string;
  remove(): void;
}

/** Builds the bundles. Call it in the project's folder. @throws Error if the build fails */
export async function buildBundles(): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), 'liuka-faults-'));
  const interrupt = () => process.exit(130);
  const remove = () => {
    process.off('exit', remove).off('SIGINT', interrupt).off('SIGTERM', interrupt);
    rmSync(folder, { recursive: true, force: true });
  };
  // The processes end with this one (see child-process.ts); only the folder is left to remove.
  process.once('exit', remove).once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await bundle(folder);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    bff: join(folder, 'bff.js'),
    sandbox: join(folder, 'sandbox.js'),
    clockPreload: join(folder, 'clock-preload.js'),
    folder: (name) => {
      const path = join(folder, name);
      mkdirSync(path, { recursive: true });
      return path;
    },
    remove,
  };
}

/** As config/build-server.ts does: packages are external, so node_modules is linked beside the bundles. */
async function bundle(folder: string): Promise<void> {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  await build({
    entryPoints: {
      bff: 'server/main.ts',
      sandbox: 'server/sandbox/main.ts',
      'clock-preload': 'server/testing/faults/real/clock-preload.ts',
    },
    outdir: folder,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
}
