import { parseArgs } from 'node:util';
import {
  backupCommand,
  checkCommand,
  copyCommand,
  migrateCommand,
  restoreCommand,
} from './db/commands';
import { usage, UsageError } from './db/usage';

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { replace: { type: 'boolean', default: false } },
    });
    const [command = '', ...operands] = positionals;
    return { command, operands, replace: values.replace };
  } catch {
    throw new UsageError();
  }
}

/** @returns whether all is well */
async function run(): Promise<boolean> {
  const { command, operands, replace } = readArguments();
  const [first, second] = operands;
  const databaseUrl = process.env.DATABASE_URL || 'sqlite:./data/liuka.db';
  const invocation = `${command} ${String(operands.length)}`;
  if (replace && command !== 'restore') throw new UsageError();
  if (invocation === 'check 0') return checkCommand(databaseUrl, printLine);
  if (invocation === 'migrate 0') await migrateCommand(databaseUrl, printLine);
  else if (invocation === 'backup 1' && first) await backupCommand(databaseUrl, first, printLine);
  else if (invocation === 'restore 1' && first) {
    await restoreCommand(databaseUrl, first, { replace, printLine });
  } else if (invocation === 'copy 2' && first && second)
    await copyCommand(first, second, printLine);
  else throw new UsageError();
  return true;
}

run()
  .then((isOk) => {
    if (!isOk) process.exitCode = 1;
  })
  .catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof UsageError ? usage : `未完成 (failed): ${text}\n`);
    process.exitCode = 1;
  });
