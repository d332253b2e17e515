import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../server/sandbox/create-sandbox';
import { startServer } from '../../server/server';

/**
 * The simulated platforms and the BFF, as `npm start` runs them, on free ports and an empty store.
 * Tells its parent the addresses, and ends when the parent lets go of it.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'liuka-test-'));
  const sandbox = createSandbox({ seed: 'client-tests' });
  const { url: sandboxUrl } = await sandbox.listen(0);
  const databaseUrl = `sqlite:${join(folder, 'liuka.db')}`;
  const server = await startServer({
    ...sandbox.settings(),
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
  });

  process.once('disconnect', () => {
    const closing = [server.close(), sandbox.close()];
    void Promise.allSettled(closing).then(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit();
    });
  });
  process.send?.({ sandboxUrl, apiUrl: server.url, databaseUrl });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
