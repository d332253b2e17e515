import type { Server, ServerResponse } from 'node:http';

/**
 * Watches a server's requests from now on, so that it can be stopped when they are answered. Node's
 * own `close` waits for every connection, also for those on which nothing was asked, or not yet all.
 * @returns stops the server: takes no new connection, and cuts those that are left once every request
 *   is answered, or after `patienceMs`
 */
export function createGracefulShutdown(server: Server): (timeoutMs: number) => Promise<void> {
  const pendingResponses = new Set<ServerResponse>();
  let stopping = false;

  function closeIfIdle(): void {
    if (stopping && pendingResponses.size === 0) server.closeAllConnections();
  }

  server.on('request', (_request, response) => {
    pendingResponses.add(response);
    response.once('close', () => {
      pendingResponses.delete(response);
      closeIfIdle();
    });
  });

  return async (timeoutMs) => {
    const closed = new Promise((done) => server.close(done));
    stopping = true;
    closeIfIdle();
    const forceCloseTimer = setTimeout(() => {
      server.closeAllConnections();
    }, timeoutMs);
    await closed;
    clearTimeout(forceCloseTimer);
  };
}
