import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { RawNotification } from '../platforms/ports';
import { ApiError } from '../lib/api-error';

/** An HTTP server that receives the platforms' notifications, for services without one. */
export interface WebhookReceiver {
  /** Unique, so that late notifications of an earlier fixture are not accepted. */
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

/** @param handle receives every notification; it is acknowledged unless it throws */
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
