import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { runConformance } from './conformance/run';

async function prompt(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

runConformance(process.argv.slice(2), {
  environment: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  prompt: process.stdin.isTTY ? prompt : undefined,
  clock: Date.now,
  wait: (milliseconds) => pause(milliseconds),
})
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`未完成 (failed): ${text}\n`);
    process.exitCode = 1;
  });
