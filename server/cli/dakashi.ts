import { createDakashi, dakashiOperations } from '../platforms/dakashi';
import { readAccount } from '../settings';
import { startCommandLine, warn } from './operations/main';

startCommandLine({
  command: 'dakashi',
  operations: dakashiOperations,
  connect() {
    const account = readAccount('dakashi', process.env);
    return createDakashi({ ...account, clock: Date.now, warn }).caller;
  },
});
