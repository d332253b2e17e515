import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { exitCodes } from './help';
import { runCommandLine } from './run';
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
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  readFile: (path) => readFileSync(path),
  confirm: process.stdin.isTTY ? confirm : undefined,
};

/** Shows a warning of a platform's adapter. */
export function warn(message: string, details: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${message}: ${JSON.stringify(details)}\n`);
}

/** Runs a platform's command line on this process: its arguments, its streams, its exit code. */
export function startCommandLine(line: CommandLine): void {
  runCommandLine(line, process.argv.slice(2), terminal)
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      process.stderr.write(`未完成 (failed): ${text}\n`);
      process.exitCode = exitCodes.unknown;
    });
}
