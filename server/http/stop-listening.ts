import type { Server, ServerResponse } from 'node:http';

/**
 * Watches a server's requests from now on, so that it can be stopped when they are answered. Node's
 * own `close` waits for every connection, also for those on which nothing was asked, or not yet all.
 * @returns stops the server: takes no new connection, and cuts those that are left once every request
 *   is answered, or after `patienceMs`
 */
export function stopWhenAnswered(server: Server): (patienceMs: number) => Promise<void> {
  const unanswered = new Set<ServerResponse>();
  let stopping = false;

  function cutIfIdle(): void {
    if (stopping && unanswered.size === 0) server.closeAllConnections();
  }

  server.on('request', (_request, response) => {
    unanswered.add(response);
    response.once('close', () => {
      unanswered.delete(response);
      cutIfIdle();
    });
  });

  return async (patienceMs) => {
    const closed = new Promise((done) => server.close(done));
    stopping = true;
    cutIfIdle();
    const patience = setTimeout(() => {
      server.closeAllConnections();
    }, patienceMs);
    await closed;
    clearTimeout(patience);
  };
}
