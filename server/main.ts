import { createProgram, exitCodes, processStreams, startProgram } from './lib/command-line';
import { startServer } from './server';
import { SettingsError } from './settings';
import { StoreError } from './store/store';

/** `npm run start:server`: the BFF alone, as it runs in production. */
async function start(): Promise<void> {
  const server = await startServer(process.env);
  processStreams.out(`Liuka is listening on ${server.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void server.close().then(() => process.exit(0));
    });
  }
}

function fail(error: unknown): never {
  const isExpected = error instanceof SettingsError || error instanceof StoreError;
  const text = isExpected ? error.message : error instanceof Error ? error.stack : String(error);
  processStreams.err(`Liuka cannot start: ${text ?? ''}\n`);
  process.exit(exitCodes.failed);
}

const program = createProgram({
  name: 'npm run start:server --',
  summary: 'Starts the BFF. Its settings come from the environment (docs/configuration.md).',
  examples: ['NODE_ENV=production npm run start:server'],
  exits: ['0 stopped by a signal', '1 could not start', '2 wrong usage'],
}).action(() => start().catch(fail));

startProgram(program);
