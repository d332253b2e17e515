import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { negotiateLanguage } from '@shared/language';
import type { Language, LocalizedText } from '@shared/language';
import { nearestName } from './edit-distance';
import { UsageError } from './usage-error';

/** What every command ends with; commands that know more outcomes say so in their help. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** What a command writes to. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

export const processStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

interface ProgramDescription {
  /** As it is typed, such as `npm run db --`. */
  name: string;
  summary: string;
  /** Lines that can be typed as they stand. */
  examples: readonly string[];
  /** Meanings of the exit codes; those every command has unless given. */
  exits?: readonly string[];
}

const COMMON_EXITS = ['0 done', '1 failed', '2 wrong usage or settings: nothing was done'];

/**
 * Creates a command with help, examples and suggestions for misspelt names. `runProgram` gives it its exit
 * codes. Subcommands made with `addSubcommand` inherit all of it.
 */
export function createProgram(
  { name, summary, examples, exits = COMMON_EXITS }: ProgramDescription,
  streams: Streams = processStreams,
): Command {
  const program = new Command(name)
    .description(summary)
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError(`(${name} --help shows how it is used)`)
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });
  addExamples(program, examples);
  return program.addHelpText('after', `\nExit codes:\n${indent(exits)}`);
}

/** Adds a subcommand with its example. */
export function addSubcommand(
  program: Command,
  usage: string,
  { summary, examples }: { summary: string; examples: readonly string[] },
): Command {
  return addExamples(program.command(usage).description(summary), examples);
}

function addExamples(command: Command, examples: readonly string[]): Command {
  const title = examples.length === 1 ? 'Example' : 'Examples';
  return command.addHelpText('after', `\n${title}:\n${indent(examples)}`);
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}

/** An option that takes one of some names; a misspelt one is answered with the nearest. */
export function choiceOption(flags: string, description: string, choices: readonly string[]) {
  const parse = (typed: string) => {
    if (choices.includes(typed)) return typed;
    const nearest = nearestName(typed, choices, 2);
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    throw new InvalidArgumentError(`It is one of ${choices.join(', ')}.${hint}`);
  };
  return new Option(flags, `${description}: ${choices.join(' | ')}`).argParser(parse);
}

/** Parses an option that is a whole number. */
export function wholeNumber(minimum: number): (typed: string) => number {
  return (typed) => {
    const value = /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`It is a whole number, ${minimum} or more.`);
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The language of what commands print for people, by the terminal's locale (POSIX, 8.2): zh-CN unless it is
 * English. Help is in English.
 */
export function terminalLanguage({ LC_ALL, LC_MESSAGES, LANG }: Environment): Language {
  return negotiateLanguage(LC_ALL || LC_MESSAGES || LANG);
}

/** Picks the sentence in the terminal's language. */
export function createSay(environment: Environment): (text: LocalizedText) => string {
  const language = terminalLanguage(environment);
  return (text) => text[language];
}

interface RunOptions {
  argv: readonly string[];
  environment: Environment;
  streams: Streams;
}

/**
 * Runs a program. Wrong usage gives exit code 2, any other error 1; errors are printed by their message,
 * never by their stack.
 * @returns the exit code of what went wrong; 0 otherwise
 */
export async function runProgram(
  program: Command,
  {
    argv = process.argv.slice(2),
    environment = process.env,
    streams = processStreams,
  }: Partial<RunOptions> = {},
): Promise<number> {
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    }
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UsageError) {
      streams.err(`${message}\n`);
      return exitCodes.usage;
    }
    const failed = { 'zh-CN': `未完成：${message}`, en: `Failed: ${message}` };
    streams.err(`${createSay(environment)(failed)}\n`);
    return exitCodes.failed;
  }
}

/** Ends the process quietly when the reader of its output has gone, as in `… --help | head`. */
function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.done);
  });
}

/** Runs a program as this process. */
export function startProgram(program: Command, options: Partial<RunOptions> = {}): void {
  endWithReader(process.stdout);
  endWithReader(process.stderr);
  void runProgram(program, options).then((code) => {
    if (code !== exitCodes.done) process.exitCode = code;
  });
}
