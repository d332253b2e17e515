import { createShingsouCaller, shingsouOperations } from '../platforms/shingsou/caller';
import { readAccount } from '../settings';
import { startCommandLine, warn } from './operations/main';

startCommandLine({
  command: 'shingsou',
  operations: shingsouOperations,
  connect() {
    const account = readAccount('shingsou', process.env);
    return createShingsouCaller({ ...account, clock: Date.now, warn });
  },
});
