import {
  addSubcommand,
  createProgram,
  createSay,
  exitCodes,
  processStreams,
  startProgram,
} from '../lib/command-line';
import { readDatabaseUrl } from '../settings';
import {
  backupCommand,
  checkCommand,
  copyCommand,
  migrateCommand,
  restoreCommand,
} from './db/commands';

/** `npm run db`: looks after the store. */

const program = createProgram({
  name: 'npm run db --',
  summary:
    'Looks after the store that DATABASE_URL names: sqlite:./data/liuka.db (the default) or postgres://user:password@host/database.',
  examples: ['npm run db -- check', 'npm run db -- backup liuka-backup.db'],
  exits: [
    '0 done',
    '1 failed; from check: the records are not consistent',
    '2 wrong usage or settings: nothing was done',
  ],
});

const output = {
  printLine: (line: string) => {
    processStreams.out(`${line}\n`);
  },
  say: createSay(process.env),
};

addSubcommand(program, 'migrate', {
  summary: 'migrate the store to the newest schema',
  examples: ['npm run db -- migrate'],
}).action(() => migrateCommand(readDatabaseUrl(process.env), output));

addSubcommand(program, 'check', {
  summary: 'check the records of orders and money for contradictions',
  examples: ['npm run db -- check'],
}).action(async () => {
  const isConsistent = await checkCommand(readDatabaseUrl(process.env), output);
  if (!isConsistent) process.exitCode = exitCodes.failed;
});

addSubcommand(program, 'copy <from> <to>', {
  summary: 'copy a store into an empty one, and compare rows and sums of money',
  examples: ['npm run db -- copy sqlite:./data/liuka.db postgres://liuka:secret@db/liuka'],
}).action((from: string, to: string) => copyCommand(from, to, output));

addSubcommand(program, 'backup <file>', {
  summary: 'write a verified backup to a new file, also while Liuka is running',
  examples: ['npm run db -- backup liuka-backup.db'],
}).action((file: string) => backupCommand(readDatabaseUrl(process.env), file, output));

addSubcommand(program, 'restore <file>', {
  summary: 'restore a backup',
  examples: ['npm run db -- restore liuka-backup.db --replace'],
})
  .option('--replace', 'also over a store that has orders', false)
  .action((file: string, { replace }: { replace: boolean }) =>
    restoreCommand(readDatabaseUrl(process.env), file, { replace, ...output }),
  );

startProgram(program);
