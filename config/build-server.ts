import { rmSync } from 'node:fs';
import { build } from 'esbuild';

/**
 * Bundles the BFF and the operator's commands into `dist/server`. Packages stay outside: the bundle runs
 * beside what `npm ci --omit=dev` installs.
 */
async function main(): Promise<void> {
  rmSync('dist/server', { recursive: true, force: true });
  await build({
    entryPoints: {
      main: 'server/main.ts',
      staff: 'server/cli/staff.ts',
      db: 'server/cli/db.ts',
      doctor: 'server/cli/doctor.ts',
      conformance: 'server/cli/conformance.ts',
      shingsou: 'server/cli/shingsou.ts',
      dakashi: 'server/cli/dakashi.ts',
      mxchip: 'server/cli/mxchip.ts',
    },
    outdir: 'dist/server',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    // The same module system as under tsx and Jest, so that what was tested is what runs.
    format: 'cjs',
    sourcemap: true,
    logLevel: 'info',
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
