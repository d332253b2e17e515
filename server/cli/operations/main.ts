import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { createProgram, processStreams } from '../../lib/command-line';
import { exitCodes } from './help';
import { runCommandLine } from './run';
import { say } from './say';
import type { CommandLine, Terminal } from './run';

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(?:y|yes|是)$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

const terminal: Terminal = {
  ...processStreams,
  readFile: (path) => readFileSync(path),
  confirm: process.stdin.isTTY ? confirm : undefined,
};

/** Shows a warning of a platform's adapter. */
export function warn(message: string, details: Readonly<Record<string, unknown>>): void {
  processStreams.err(`${message}: ${JSON.stringify(details)}\n`);
}

/**
 * The program that calls the operations of a platform. Their parameters come from their schemas, so that
 * they and the help are read by `runCommandLine`; Commander has the subcommands.
 */
export function createOperationProgram(line: CommandLine): Command {
  const program = createProgram({
    name: `npm run ${line.command} --`,
    summary: '',
    examples: [],
  });
  return program
    .helpOption(false)
    .argument('[operation]')
    .argument('[parameters...]')
    .allowUnknownOption()
    .action(async () => {
      try {
        process.exitCode = await runCommandLine(line, program.args, terminal);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        processStreams.err(`${say('未完成', 'Failed')}: ${text}\n`);
        process.exitCode = exitCodes.unknown;
      }
    });
}
