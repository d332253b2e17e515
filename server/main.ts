import { startServer } from './server';
import { SettingsError } from './settings';
import { StoreError } from './store/store';

/** The BFF alone, as it runs in production. */
async function main(): Promise<void> {
  const server = await startServer(process.env);
  process.stdout.write(`Liuka is listening on ${server.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void server.close().then(() => process.exit(0));
    });
  }
}

main().catch((error: unknown) => {
  const known = error instanceof SettingsError || error instanceof StoreError;
  const text = known ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`Liuka cannot start: ${text ?? ''}\n`);
  process.exit(1);
});
