import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../server/sandbox/create-sandbox';
import { startServer } from '../../server/server';

/**
 * Runs the simulated platforms and the BFF, like `npm start`, on free ports and an empty store. Sends the
 * addresses to the parent process, and stops when the parent disconnects.
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
