import type { Server, ServerResponse } from 'node:http';

/**
 * Tracks the requests of a server, so that it can be stopped once they are answered. Node's own `close`
 * waits for every connection, including idle ones and those with an incomplete request.
 * @returns a function that stops the server: it accepts no new connection, and closes the remaining ones
 *   when every request is answered, or after `timeoutMs`
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
