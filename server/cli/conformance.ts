import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { processStreams } from '../lib/command-line';
import { runConformance } from './conformance/run';

/** `npm run conformance`: compares a real platform with what Liuka expects of it. */

async function prompt(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

void runConformance(process.argv.slice(2), {
  ...processStreams,
  environment: process.env,
  prompt: process.stdin.isTTY ? prompt : undefined,
  clock: Date.now,
  wait: (milliseconds) => pause(milliseconds),
}).then((code) => {
  process.exitCode = code;
});
