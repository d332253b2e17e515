import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { commands } from './run-command.cjs';

/**
 * Bundles the BFF and the operator's commands into `dist/server`. Packages are not bundled: they are
 * there after `npm prune --omit=dev`.
 */
async function main(): Promise<void> {
  rmSync('dist/server', { recursive: true, force: true });
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(commands)
        .filter(([, { bundled }]) => bundled)
        .map(([name, { source }]) => [name, source]),
    ),
    outdir: 'dist/server',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    // The module system of tsx and Jest, so that what was tested is what runs.
    format: 'cjs',
    sourcemap: true,
    logLevel: 'info',
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
