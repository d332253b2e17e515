import { setTimeout as pause } from 'node:timers/promises';
import { startTestServer } from './testing/http-server';
import type { Handler } from './testing/http-server';
import { UpstreamFault } from './upstream-fault';
import type { UpstreamFaultKind } from './upstream-fault';
import { createUpstreamHttp } from './upstream-http';
import type { UpstreamCall, UpstreamHttp, UpstreamRequest } from './upstream-http';
import type { UpstreamLimits } from './upstream-policies';

const shortLimits: Partial<UpstreamLimits> = {
  headersTimeout: 150,
  bodyTimeout: 150,
  totalTimeout: 10_000,
  retryPause: 5,
  breakAfter: 1_000,
};
const readRequest = { operation: 'ask', method: 'GET', path: '/ask', idempotent: true } as const;
const writeRequest = {
  operation: 'do',
  method: 'POST',
  path: '/do',
  body: '{}',
  idempotent: false,
} as const;

const openConnections: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(openConnections.splice(0).map((each) => each.close()));
});

async function connect(handler: Handler, limits: Partial<UpstreamLimits> = {}) {
  const server = await startTestServer(handler);
  const calls: UpstreamCall[] = [];
  const http = createUpstreamHttp({
    platform: 'test',
    origin: server.url,
    onCall: (call) => calls.push(call),
    limits: { ...shortLimits, ...limits },
  });
  openConnections.push(http, server);
  return { server, http, calls };
}

async function faultOf(http: UpstreamHttp, request: UpstreamRequest): Promise<UpstreamFaultKind> {
  const error: unknown = await http.send(request).then(
    ({ status }) => new Error(`answered ${String(status)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof UpstreamFault) return error.kind;
  throw error;
}

/** Fails the first requests, then answers. */
function failTimes(times: number, fail: Handler): Handler {
  let remaining = times;
  return (request, response) => {
    if (remaining > 0) {
      remaining -= 1;
      return fail(request, response);
    }
    response.end('fine');
  };
}

const dropConnection: Handler = (_request, response) => {
  response.destroy();
};
const neverAnswer: Handler = () => undefined;
const respond503: Handler = (_request, response) => {
  response.writeHead(503).end('later');
};
const truncateResponse: Handler = (_request, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"half":', () => response.destroy());
};

describe('one exchange', () => {
  it('sends method, query, headers and body, and returns status and text', async () => {
    const { server, http } = await connect((_request, response) => {
      response.writeHead(418).end('茶');
    });
    const answer = await http.send({
      ...writeRequest,
      query: { 名: 'a b&c', page: '2' },
      headers: { 'x-key': 'k' },
      body: '{"a":1}',
    });
    expect(answer).toMatchObject({ status: 418, text: '茶', bytes: Buffer.from('茶') });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/do', body: '{"a":1}' });
    expect(request?.headers['x-key']).toBe('k');
    expect(Object.fromEntries(request?.query ?? [])).toEqual({ 名: 'a b&c', page: '2' });
  });

  it('is reported to the observer with status and duration', async () => {
    const { http, calls } = await connect((_request, response) => {
      response.writeHead(404).end();
    });
    await http.send(readRequest);
    expect(calls).toEqual([
      {
        platform: 'test',
        operation: 'ask',
        status: 404,
        milliseconds: expect.any(Number),
        outcome: 'answered',
      },
    ]);
  });

  it('keeps the connection open for the next exchange', async () => {
    const ports = new Set<number | undefined>();
    const { http } = await connect((_request, response) => {
      ports.add(response.socket?.remotePort);
      response.end();
    });
    for (let turn = 0; turn < 8; turn += 1) await http.send(readRequest);
    // A connection may still be finishing its exchange when the next call starts, which then opens a second one.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe('an exchange without a complete answer', () => {
  const sendSlowly: Handler = async (_request, response) => {
    response.writeHead(200);
    while (!response.destroyed) {
      response.write('.');
      await pause(20);
    }
  };
  const stallMidBody: Handler = (_request, response) => {
    response.writeHead(200);
    response.write('half');
  };
  const sendOversized: Handler = (_request, response) => {
    response.end('x'.repeat(5_000));
  };

  it.each<[string, Handler, UpstreamFaultKind, Partial<UpstreamLimits>]>([
    ['missing headers', neverAnswer, 'timedOut', {}],
    ['a stalled body', stallMidBody, 'timedOut', {}],
    ['a slow, endless body', sendSlowly, 'timedOut', { totalTimeout: 300 }],
    ['a truncated body', truncateResponse, 'connectionFailed', {}],
    ['a dropped connection', dropConnection, 'connectionFailed', {}],
    ['an oversized body', sendOversized, 'answerTooLarge', { answerBytes: 4_000 }],
  ])('fails after %s with the matching fault', async (_name, handler, kind, limits) => {
    const { http, calls } = await connect(handler, limits);
    expect(await faultOf(http, writeRequest)).toBe(kind);
    await pause(20);
    expect(calls.map(({ outcome }) => outcome)).toEqual([kind]);
  });

  it('names the operation in its error, but no value of the request', async () => {
    const { http } = await connect(dropConnection);
    const sending = http.send({
      ...writeRequest,
      query: { code: 'secret-code' },
      headers: { authorization: 'Bearer secret-token' },
      body: 'secret-body',
    });
    await expect(sending).rejects.toThrow(/test do/);
    await expect(sending).rejects.not.toThrow(/secret/);
  });

  it('reports a refused connection', async () => {
    const { server, http } = await connect(neverAnswer);
    await server.close();
    openConnections.splice(openConnections.indexOf(server), 1);
    await expect(http.send(writeRequest)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a retry', () => {
  it.each([
    ['a dropped connection', dropConnection],
    ['a truncated body', truncateResponse],
    ['a missing answer', neverAnswer],
    ['a 503', respond503],
  ])('of an idempotent call is made after %s', async (_name, fail) => {
    const { server, http } = await connect(failTimes(2, fail));
    await expect(http.send(readRequest)).resolves.toMatchObject({ status: 200, text: 'fine' });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['a dropped connection', dropConnection],
    ['a truncated body', truncateResponse],
    ['a missing answer', neverAnswer],
    ['a 503', respond503],
  ])('of a non-idempotent call is never made: %s', async (_name, fail) => {
    const { server, http } = await connect(failTimes(1, fail));
    await http.send(writeRequest).catch(() => undefined);
    await pause(50);
    expect(server.requests).toHaveLength(1);
  });

  it('is made twice at most, and the last answer is returned', async () => {
    const { server, http } = await connect(respond503);
    await expect(http.send(readRequest)).resolves.toMatchObject({ status: 503, text: 'later' });
    expect(server.requests).toHaveLength(3);
  });

  it('is not made after an HTTP 4xx response', async () => {
    const { server, http } = await connect((_request, response) => {
      response.writeHead(422).end('no');
    });
    await http.send(readRequest);
    expect(server.requests).toHaveLength(1);
  });

  it('does not exceed the total timeout', async () => {
    const { http } = await connect(neverAnswer, { headersTimeout: 200, totalTimeout: 350 });
    const startedAt = performance.now();
    expect(await faultOf(http, readRequest)).toBe('timedOut');
    expect(performance.now() - startedAt).toBeLessThan(700);
  });
});

describe('a platform that keeps failing', () => {
  it('is not called after several failures in a row, and is called again later', async () => {
    const { server, http, calls } = await connect(failTimes(3, respond503), {
      breakAfter: 3,
      breakFor: 100,
    });
    for (let turn = 0; turn < 3; turn += 1) await http.send(writeRequest);
    expect(await faultOf(http, writeRequest)).toBe('circuitOpen');
    expect(server.requests).toHaveLength(3);
    expect(calls.at(-1)).toMatchObject({ operation: 'do', outcome: 'circuitOpen' });
    await pause(120);
    await expect(http.send(writeRequest)).resolves.toMatchObject({ status: 200 });
    await expect(http.send(writeRequest)).resolves.toMatchObject({ status: 200 });
  });

  it('is not one that answers with refusals', async () => {
    const { server, http } = await connect(
      (_request, response) => {
        response.writeHead(404).end();
      },
      { breakAfter: 2 },
    );
    for (let turn = 0; turn < 5; turn += 1) await http.send(writeRequest);
    expect(server.requests).toHaveLength(5);
  });
});

describe('many calls at once', () => {
  it('are rejected beyond the queue limit, and all others are served', async () => {
    const { http, calls } = await connect(
      async (_request, response) => {
        await pause(30);
        response.end('fine');
      },
      { connections: 2, waiting: 3 },
    );
    const results = await Promise.allSettled(
      Array.from({ length: 7 }, () => http.send(writeRequest)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(calls.filter(({ outcome }) => outcome === 'overloaded')).toHaveLength(2);
  });
});

describe('closing', () => {
  it('aborts calls that are in flight, waiting, or about to be retried', async () => {
    const { http } = await connect(neverAnswer, { connections: 1, headersTimeout: 5_000 });
    const faults = Promise.all([faultOf(http, readRequest), faultOf(http, writeRequest)]);
    await pause(50);
    const startedAt = performance.now();
    await http.close();
    expect(await faults).toEqual(['closed', 'closed']);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('rejects all later calls', async () => {
    const { http } = await connect(respond503);
    await http.close();
    expect(await faultOf(http, readRequest)).toBe('closed');
  });
});
