import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

type Reply = { status: number; body: string } | 'silence';

const acknowledged: Reply = { status: 200, body: '{"code":200}' };

/** A notification as it arrived. */
export interface ReceivedRequest {
  headers: IncomingHttpHeaders;
  text: string;
}

/** A merchant's notification endpoint that records requests and answers as configured. */
export async function startWebhookReceiver() {
  const receivedRequests: ReceivedRequest[] = [];
  const receivedBodies: unknown[] = [];
  let reply: Reply | ((receivedRequest: ReceivedRequest) => Reply) = acknowledged;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const receivedRequest = { headers: request.headers, text };
      receivedRequests.push(receivedRequest);
      receivedBodies.push(JSON.parse(text));
      const respondWith = typeof reply === 'function' ? reply(receivedRequest) : reply;
      if (respondWith !== 'silence') response.writeHead(respondWith.status).end(respondWith.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/notifications`,
    /** The received bodies, parsed; `arrivals` has the requests as received. */
    receivedBodies,
    receivedRequests,
    answer: (next: typeof reply) => {
      reply = next;
    },
    respondOk: () => {
      reply = acknowledged;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Polls until a condition holds. @throws Error after two seconds of real time */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('timed out waiting for a condition');
}
