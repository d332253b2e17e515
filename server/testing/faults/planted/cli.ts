import { availableParallelism } from 'node:os';
import type { MutantResult } from './test-mutants';
import { testMutants, listMutants } from './test-mutants';

/**
 * `npm run faults:planted`: says of every planted bug which schedule catches it, and how soon. Exit code 1
 * if one escapes.
 */
const MAX_SCHEDULES = 20_000;

function describe({ mutant, title, seed, schedules, ms, findings }: MutantResult): string {
  const seconds = (ms / 1000).toFixed(1);
  const [first] = findings;
  const how =
    seed === undefined
      ? `NOT CAUGHT in ${String(schedules)} schedules`
      : `seed ${String(seed)} (${String(schedules)} schedules, ${seconds} s): ${first?.kind ?? ''}, ${first?.detail ?? ''}`;
  return `${mutant}: ${title}\n  ${how}\n`;
}

async function main(): Promise<void> {
  const results = await testMutants(listMutants(), {
    ...{
      root: process.cwd(),
      useSeedHints: false,
      maxSchedules: MAX_SCHEDULES,
      jobs: availableParallelism(),
    },
    onResult: (result) => process.stdout.write(describe(result)),
  });
  const caught = results.filter(({ seed }) => seed !== undefined).length;
  process.stdout.write(`${String(caught)} of ${String(results.length)} planted bugs caught\n`);
  if (caught < results.length) process.exitCode = 1;
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
