import { createProgram, processStreams, startProgram } from '../lib/command-line';
import { runDoctor } from './doctor/run';

/** `npm run doctor`: checks everything Liuka depends on. */

const program = createProgram({
  name: 'npm run doctor --',
  summary:
    'Checks every configured platform, the store and the public address: reachable, clock, credentials, permissions, allow-list, balance. It only queries; at 旭宇 it requests an access token, which replaces the one in use.',
  examples: ['npm run doctor', 'npm run doctor -- --json'],
  exits: ['0 all is well', '1 something has to be corrected', '2 wrong usage'],
})
  .option('--json', 'print the findings as JSON', false)
  .action(async ({ json }: { json: boolean }) => {
    process.exitCode = await runDoctor({
      json,
      environment: process.env,
      out: processStreams.out,
      clock: Date.now,
    });
  });

startProgram(program);
