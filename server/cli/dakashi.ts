import { startProgram } from '../lib/command-line';
import { createDakashi, dakashiOperations } from '../platforms/dakashi';
import { readAccount } from '../settings';
import { createOperationProgram, warn } from './operations/main';

/** `npm run dakashi`: calls an operation of 大卡师. */

startProgram(
  createOperationProgram({
    command: 'dakashi',
    operations: dakashiOperations,
    connect() {
      const account = readAccount('dakashi', process.env);
      return createDakashi({ ...account, clock: Date.now, warn }).caller;
    },
  }),
);
