import { createMxchip, mxchipOperations } from '../platforms/mxchip';
import { readAccount } from '../settings';
import { startCommandLine, warn } from './operations/main';

startCommandLine({
  command: 'mxchip',
  operations: mxchipOperations,
  connect() {
    const account = readAccount('mxchip', process.env);
    return createMxchip({ ...account, clock: Date.now, warn }).caller;
  },
});
