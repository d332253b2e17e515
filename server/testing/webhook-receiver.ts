import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { RawNotification } from '../platforms/ports';
import { ApiError } from '../lib/api-error';

/** Where the platforms' notifications come in, for services that have no HTTP side of their own. */
export interface WebhookReceiver {
  /** An address that is nobody else's, so that what is told of earlier worlds gets lost. */
  url: string;
  close(): Promise<void>;
}

function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

/** @param handle is given what comes; what it refuses or fails at is not acknowledged */
export async function startWebhookReceiver(
  handle: (raw: RawNotification) => Promise<unknown>,
): Promise<WebhookReceiver> {
  const path = `/${randomUUID()}`;

  async function answer(message: IncomingMessage): Promise<number> {
    const body = await buffer(message);
    if (message.url !== path) return 404;
    try {
      await handle({ headers: headersOf(message), body });
      return 200;
    } catch (error) {
      return error instanceof ApiError ? error.status : 500;
    }
  }

  const server = createServer((message, response) => {
    void answer(message).then((status) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end('{"code":200,"name":"Status200OK","description":"ok"}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}${path}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
