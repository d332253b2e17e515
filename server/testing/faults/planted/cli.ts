import { availableParallelism } from 'node:os';
import { createProgram, exitCodes, startProgram } from '../../../lib/command-line';
import type { MutantResult } from './test-mutants';
import { testMutants, listMutants } from './test-mutants';

/** `npm run faults:planted`: shows which schedule catches each planted bug, and how soon. */
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

async function run(): Promise<void> {
  const results = await testMutants(listMutants(), {
    root: process.cwd(),
    useSeedHints: false,
    maxSchedules: MAX_SCHEDULES,
    jobs: availableParallelism(),
    onResult: (result) => process.stdout.write(describe(result)),
  });
  const caught = results.filter(({ seed }) => seed !== undefined).length;
  process.stdout.write(`${String(caught)} of ${String(results.length)} planted bugs caught\n`);
  if (caught < results.length) process.exitCode = exitCodes.failed;
}

const program = createProgram({
  name: 'npm run faults:planted --',
  summary:
    'Plants known bugs in copies of the sources, one each, and shows which schedule of faults catches it, and how soon.',
  examples: ['npm run faults:planted'],
  exits: ['0 every bug was caught', '1 a bug was not caught', '2 wrong usage'],
}).action(run);

startProgram(program);
