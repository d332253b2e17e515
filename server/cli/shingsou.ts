import {
  addSubcommand,
  createSay,
  processStreams,
  startProgram,
  wholeNumber,
} from '../lib/command-line';
import { createShingsouCaller, shingsouOperations } from '../platforms/shingsou/caller';
import { readAccount } from '../settings';
import { createOperationProgram, warn } from './operations/main';
import { authorize } from './shingsou/authorize';

/** `npm run shingsou`: calls an operation of 旭宇, or obtains a token by a person's consent. */

const program = createOperationProgram({
  command: 'shingsou',
  operations: shingsouOperations,
  subcommands: [{ name: 'authorize', title: 'obtains a token by the consent of a person' }],
  connect() {
    const account = readAccount('shingsou', process.env);
    return createShingsouCaller({ ...account, clock: Date.now, warn });
  },
});

interface AuthorizeFlags {
  scope?: string;
  port: number;
  timeout: number;
  open: boolean;
  showToken: boolean;
}

addSubcommand(program, 'authorize', {
  summary:
    'Obtain an access token by the consent of a person at a browser (authorization code grant). The callback is received at http://127.0.0.1:<port>/callback, which has to be registered with the application.',
  examples: ['npm run shingsou -- authorize --port 8400 --open'],
})
  .helpOption('-h, --help', 'show this help')
  .option('--scope <scope>', 'permissions to request; SHINGSOU_SCOPE unless given')
  .option('--port <port>', 'port of the callback; a free one unless given', wholeNumber(0), 0)
  .option('--timeout <seconds>', 'how long to wait for the callback', wholeNumber(1), 300)
  .option('--open', 'open the address in the browser', false)
  .option('--show-token', 'print the token itself', false)
  .action(async ({ scope, timeout, ...flags }: AuthorizeFlags) => {
    const account = readAccount('shingsou', process.env);
    process.exitCode = await authorize(
      { account, streams: processStreams, say: createSay(process.env) },
      { ...flags, scope: scope ?? account.scope, timeoutMs: timeout * 1000 },
    );
  });

startProgram(program);
