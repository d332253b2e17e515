import { callBefore, withoutDeadline } from './call-deadline';
import { PlatformBusy } from './ports';
import { startTestServer } from './testing/http-server';
import { createUpstreamHttp } from './upstream-http';
import type { UpstreamRequest } from './upstream-http';

const order: UpstreamRequest = {
  operation: 'order',
  method: 'POST',
  path: '/order',
  body: '{}',
  idempotent: true,
};

describe('a call with a deadline', () => {
  let arrived: string[] = [];
  let fail = false;

  async function connect() {
    arrived = [];
    fail = false;
    const server = await startTestServer((request, response) => {
      arrived.push(request.method);
      if (fail) response.writeHead(503);
      response.end('{}');
    });
    const http = createUpstreamHttp({
      platform: 'test',
      origin: server.url,
      limits: { retryPause: 1 },
    });
    const close = async () => {
      await http.close();
      await server.close();
    };
    return { http, close };
  }

  test('is sent before the deadline', async () => {
    const { http, close } = await connect();
    const answer = await callBefore(
      () => false,
      () => http.send(order),
    );
    expect([answer.status, arrived]).toEqual([200, ['POST']]);
    await close();
  });

  test('is not sent if the deadline passes while the connection is opened', async () => {
    const { http, close } = await connect();
    let isOver = false;
    const call = callBefore(
      () => isOver,
      () => {
        const sending = http.send(order);
        isOver = true;
        return sending;
      },
    );
    await expect(call).rejects.toBeInstanceOf(PlatformBusy);
    expect(arrived).toEqual([]);
    await close();
  });

  test('is certainly not sent, even if the adapter takes that for an unknown outcome', async () => {
    const { http, close } = await connect();
    const call = callBefore(
      () => true,
      () => http.send(order).catch(() => 'unknown'),
    );
    await expect(call).rejects.toBeInstanceOf(PlatformBusy);
    await close();
  });

  test('has an unknown outcome if only its retry was too late', async () => {
    const { http, close } = await connect();
    fail = true;
    const call = callBefore(
      () => arrived.length > 0,
      () => http.send(order),
    );
    await expect(call).rejects.toMatchObject({ kind: 'tooLate' });
    expect(arrived).toEqual(['POST']);
    await close();
  });

  test('may still query, and share the request of a token', async () => {
    const { http, close } = await connect();
    await callBefore(
      () => true,
      async () => {
        await http.send({ ...order, method: 'GET' });
        await withoutDeadline(() => http.send(order));
      },
    );
    expect(arrived).toEqual(['GET', 'POST']);
    await close();
  });
});
