import type {
  OperationCaller,
  OperationResult,
  PlatformOperation,
} from '../../platforms/platform-operation';
import { readArguments } from './arguments';
import type { Arguments } from './arguments';
import { requestFields } from './fields';
import { exitCodes, operationHelp, overview } from './help';
import { formatReadable } from './print';
import { createRedactor } from './redact';
import { say } from './say';
import { didYouMean } from './suggest';
import type { Streams } from '../../lib/command-line';
import { UsageError } from '../../lib/usage-error';
import { checkRequest, readRequest } from './values';
import type { ReadFile } from './values';

/** What the command line reads from and writes to. */
export interface Terminal extends Streams {
  readFile: ReadFile;
  /** Asks the person at the terminal; undefined where there is none. */
  confirm: ((question: string) => Promise<boolean>) | undefined;
}

export interface CommandLine {
  /** The npm script it is run by. */
  command: string;
  operations: readonly PlatformOperation[];
  /** Commands besides the operations, for the overview. */
  subcommands?: readonly { name: string; title: string }[];
  /** Called when there is something to send. @throws SettingsError where settings are missing or wrong */
  connect(): OperationCaller;
}

interface Prepared {
  operation: PlatformOperation;
  request: Record<string, unknown>;
  redact: ReturnType<typeof createRedactor>;
}

/** @throws UsageError */
function findOperation({ operations, subcommands = [] }: CommandLine, id: string) {
  const found = operations.find((operation) => operation.id === id);
  if (found) return found;
  const names = [
    ...operations.map((operation) => operation.id),
    ...subcommands.map(({ name }) => name),
  ];
  throw new UsageError(`${say('没有这个操作', 'no such operation')}${didYouMean(id, names)}`);
}

/** @throws UsageError */
async function assertConfirmed(
  { title, id, changes }: PlatformOperation,
  { yes }: Arguments,
  { confirm }: Terminal,
): Promise<void> {
  if (!changes || yes) return;
  if (!confirm)
    throw new UsageError(`${id} ${say('有改动，请加 --yes', 'changes something: add --yes')}`);
  const isConfirmed = await confirm(`${say('执行', 'Run')} ${title}? [y/N] `);
  if (!isConfirmed) throw new UsageError(say('没有执行', 'not done'));
}

function report(
  result: OperationResult,
  { redact }: Prepared,
  json: boolean,
  { out, err }: Terminal,
): number {
  if (result.outcome === 'done') {
    const data = redact(result.data);
    out(json ? `${JSON.stringify(data, null, 2)}\n` : formatReadable(data));
    return exitCodes.done;
  }
  const message = String(redact(result.message));
  if (result.outcome === 'refused') {
    err(`${say('已拒绝', 'Refused')}: ${result.code} ${message}\n`);
    return exitCodes.refused;
  }
  err(`${say('没有可用的应答', 'No usable answer')}: ${message}\n`);
  return exitCodes.unknown;
}

async function send(line: CommandLine, prepared: Prepared): Promise<OperationResult> {
  const caller = line.connect();
  try {
    return await caller.call(prepared.operation.id, prepared.request);
  } finally {
    await caller.close();
  }
}

async function runOperation(line: CommandLine, argv: readonly string[], terminal: Terminal) {
  const args = readArguments(argv);
  if (args.operation === undefined) {
    const text = overview(line.command, line.operations, line.subcommands);
    if (!args.help) throw new UsageError(text);
    terminal.out(text);
    return exitCodes.done;
  }
  const operation = findOperation(line, args.operation);
  const fields = requestFields(operation.request);
  if (args.help) {
    terminal.out(operationHelp(line.command, operation, fields));
    return exitCodes.done;
  }
  const request = readRequest(fields, args.values, terminal.readFile);
  checkRequest(operation.request, request);
  await assertConfirmed(operation, args, terminal);
  const prepared = { operation, request, redact: createRedactor(fields, request) };
  return report(await send(line, prepared), prepared, args.json, terminal);
}

/**
 * Calls one operation of a platform by what was typed. Values about a person, and secrets, are never
 * written.
 * @returns the exit code
 */
export async function runCommandLine(
  line: CommandLine,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  try {
    return await runOperation(line, argv, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\n`);
      return exitCodes.usage;
    }
    throw error;
  }
}
