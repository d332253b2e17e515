import { startProgram } from '../lib/command-line';
import { createMxchip, mxchipOperations } from '../platforms/mxchip';
import { readAccount } from '../settings';
import { createOperationProgram, warn } from './operations/main';

/** `npm run mxchip`: calls an operation of 庆科. */

startProgram(
  createOperationProgram({
    command: 'mxchip',
    operations: mxchipOperations,
    connect() {
      const account = readAccount('mxchip', process.env);
      return createMxchip({ ...account, clock: Date.now, warn }).caller;
    },
  }),
);
