import { availableParallelism } from 'node:os';
import type { Hunt } from './run';
import { huntBugs, listBugs } from './run';

/**
 * `npm run faults:planted`: says of every planted bug which schedule catches it, and how soon. Exit code 1
 * if one escapes.
 */
const MOST = 20_000;

function describe({ bug, title, seed, schedules, ms, findings }: Hunt): string {
  const seconds = (ms / 1000).toFixed(1);
  const [first] = findings;
  const how =
    seed === undefined
      ? `NOT CAUGHT in ${String(schedules)} schedules`
      : `seed ${String(seed)} (${String(schedules)} schedules, ${seconds} s): ${first?.kind ?? ''}, ${first?.detail ?? ''}`;
  return `${bug}: ${title}\n  ${how}\n`;
}

async function main(): Promise<void> {
  const hunts = await huntBugs(listBugs(), {
    ...{ root: process.cwd(), useHints: false, most: MOST, jobs: availableParallelism() },
    onHunt: (hunt) => process.stdout.write(describe(hunt)),
  });
  const caught = hunts.filter(({ seed }) => seed !== undefined).length;
  process.stdout.write(`${String(caught)} of ${String(hunts.length)} planted bugs caught\n`);
  if (caught < hunts.length) process.exitCode = 1;
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
