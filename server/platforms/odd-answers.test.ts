import net from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { startTestServer } from './testing/http-server';
import type { Handler } from './testing/http-server';
import { UpstreamFault } from './upstream-fault';
import { createUpstreamHttp } from './upstream-http';
import type { UpstreamCall, UpstreamHttp } from './upstream-http';
import { createPolicies, defaultUpstreamLimits } from './upstream-policies';
import type { UpstreamLimits } from './upstream-policies';

const readRequest = { operation: 'ask', method: 'GET', path: '/ask', idempotent: true } as const;
const orderRequest = {
  operation: 'order',
  method: 'POST',
  path: '/order',
  body: '{}',
  idempotent: false,
} as const;

/** 月包 in GBK. */
const gbk = Buffer.from([0xd4, 0xc2, 0xb0, 0xfc]);
/** 㐀, which GB 18030 encodes in four bytes and GBK does not have. */
const gb18030 = Buffer.from([0x81, 0x39, 0xee, 0x39]);
const json = '{"name":"月包"}';
const utf8 = Buffer.from(json);

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
    limits: { retryPause: 5, ...limits },
  });
  openConnections.push(http, server);
  return { server, http, calls };
}

function respond(headers: Record<string, string>, body: Buffer | string, status = 200): Handler {
  return (_request, response) => void response.writeHead(status, headers).end(body);
}

async function faultOf(http: UpstreamHttp): Promise<UpstreamFault> {
  const error: unknown = await http.send(orderRequest).then(
    ({ text }) => new Error(`answered ${text}`),
    (reason: unknown) => reason,
  );
  if (error instanceof UpstreamFault) return error;
  throw error;
}

describe('an answer in an odd form', () => {
  it.each<[string, Record<string, string>, Buffer, string]>([
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(utf8), json],
    ['x-gzip in capitals', { 'content-encoding': 'X-GZIP' }, gzipSync(utf8), json],
    ['deflate', { 'content-encoding': 'deflate' }, deflateSync(utf8), json],
    ['deflate without zlib', { 'content-encoding': 'deflate' }, deflateRawSync(utf8), json],
    ['Brotli', { 'content-encoding': 'br' }, brotliCompressSync(utf8), json],
    [
      'Brotli in gzip',
      { 'content-encoding': 'br, gzip' },
      gzipSync(brotliCompressSync(utf8)),
      json,
    ],
    ['identity', { 'content-encoding': 'identity' }, utf8, json],
    ['no content type', {}, utf8, json],
    ['an odd content type', { 'content-type': 'text/html' }, utf8, json],
    ['a byte order mark', {}, Buffer.from(`\uFEFF${json}`), json],
    ['UTF-8 by another name', { 'content-type': 'text/json;charset="UTF8"' }, utf8, json],
    ['GBK', { 'content-type': 'application/json; charset=GBK' }, gbk, '月包'],
    ['GB 2312', { 'content-type': 'application/json; charset=gb2312' }, gbk, '月包'],
    ['GB 18030', { 'content-type': 'application/json;charset=gb18030' }, gb18030, '㐀'],
    [
      'GBK in gzip',
      { 'content-type': 'text/plain; charset=gbk', 'content-encoding': 'gzip' },
      gzipSync(gbk),
      '月包',
    ],
    ['an empty gzip body', { 'content-encoding': 'gzip' }, Buffer.alloc(0), ''],
  ])('is read: %s', async (_form, headers, body, text) => {
    const { http } = await connect(respond(headers, body));
    expect((await http.send(readRequest)).text).toBe(text);
  });

  it('with HTTP 204 and no body is empty', async () => {
    const { http } = await connect((_request, response) => void response.writeHead(204).end());
    expect(await http.send(readRequest)).toMatchObject({ status: 204, text: '' });
  });

  it('is signed over the bytes within its content encoding', async () => {
    const { http } = await connect(respond({ 'content-encoding': 'gzip' }, gzipSync(utf8)));
    expect((await http.send(readRequest)).bytes).toEqual(utf8);
  });

  it('is a file if bytes were asked for', async () => {
    const { http } = await connect(respond({ 'content-type': 'application/gzip' }, gbk));
    const answer = await http.send({ ...readRequest, answer: 'bytes' });
    expect(answer).toMatchObject({ bytes: gbk, text: '' });
  });
});

describe('an answer that cannot be read', () => {
  const tooMany = { 'content-encoding': 'gzip, gzip, gzip' };
  it.each<[string, Handler, UpstreamFault['kind'], string]>([
    ['bytes that are not UTF-8', respond({}, gbk), 'unreadable', 'bytes that are not utf-8'],
    [
      'bytes that are not the declared GBK',
      respond({ 'content-type': 'a/b; charset=gbk' }, Buffer.from([0x22, 0xff, 0x22])),
      'unreadable',
      'bytes that are not gbk',
    ],
    [
      'a charset that is not supported',
      respond({ 'content-type': 'a/b; charset=big5' }, utf8),
      'unreadable',
      'an unsupported charset',
    ],
    [
      'an unknown content encoding',
      respond({ 'content-encoding': 'zstd' }, utf8),
      'unreadable',
      'an unknown content encoding',
    ],
    ['a gzip that is none', respond({ 'content-encoding': 'gzip' }, utf8), 'unreadable', 'gzip'],
    [
      'a gzip cut short',
      respond({ 'content-encoding': 'gzip' }, gzipSync(utf8).subarray(0, 20)),
      'unreadable',
      'an invalid gzip body',
    ],
    ['encodings in encodings', respond(tooMany, utf8), 'unreadable', 'too many content encodings'],
    [
      'a small body that becomes a large one',
      respond({ 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(3_000_000))),
      'answerTooLarge',
      'more than 1048576 bytes in gzip',
    ],
    [
      'a redirect to another host',
      respond({ location: 'https://user:pw@other.example/a?token=t' }, '', 302),
      'redirected',
      'HTTP 302: to https://other.example)',
    ],
    ['a redirect to itself', respond({ location: '/b?c=d' }, json, 307), 'redirected', 'same host'],
    ['a redirect to nowhere', respond({}, '', 303), 'redirected', 'HTTP 303: to no valid address'],
  ])('is refused and named: %s', async (_name, handler, kind, problem) => {
    const { http, server, calls } = await connect(handler);
    const fault = await faultOf(http);
    expect(fault).toMatchObject({ kind, message: expect.stringContaining(problem) });
    expect(fault.message).not.toMatch(/token|pw@/);
    expect(server.requests).toHaveLength(1);
    expect(calls).toMatchObject([{ outcome: kind, status: expect.any(Number) }]);
    expect(fault.message).toContain(calls[0]?.problem);
  });

  it('with an error status keeps its status', async () => {
    const { http } = await connect(respond({}, gbk, 422));
    expect(await http.send(orderRequest)).toMatchObject({ status: 422, text: '' });
  });

  it('with a server error is retried like any other', async () => {
    const { http, server } = await connect(respond({ 'content-encoding': 'gzip' }, 'down', 502));
    expect(await http.send(readRequest)).toMatchObject({ status: 502, text: '' });
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, Handler]>([
    [
      'a body shorter than its length',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write(json, () => response.destroy());
      },
    ],
    [
      'chunks without an end',
      (_request, response) => {
        response.writeHead(200, { 'transfer-encoding': 'chunked' });
        response.write(json, () => response.destroy());
      },
    ],
  ])('is never half read: %s', async (_name, handler) => {
    const { http } = await connect(handler);
    expect((await faultOf(http)).kind).toBe('connectionFailed');
  });
});

describe('a connection', () => {
  it('gives each address of a host longer than a slow handshake takes', async () => {
    const opened = jest.spyOn(net, 'connect');
    const { http } = await connect(respond({}, json));
    await http.send(readRequest);
    // An IPv6 address that answers after 400 ms and an IPv4 address that answers after 300 ms.
    expect(opened.mock.calls).toMatchObject([
      [{ autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 800 }],
    ]);
    expect(defaultUpstreamLimits.connectTimeout).toBeGreaterThan(3 * 800);
    opened.mockRestore();
  });

  it('that idles is closed by us, even if the platform promises to keep it', async () => {
    let closed: Promise<unknown> | undefined;
    const ports = new Set<number | undefined>();
    const { http } = await connect(
      (_request, response) => {
        const { socket } = response;
        ports.add(socket?.remotePort);
        closed = new Promise((resolve) => socket?.once('close', resolve));
        response.writeHead(200, { 'keep-alive': 'timeout=60' }).end(json);
      },
      { maxIdleTimeout: 50 },
    );
    await http.send(readRequest);
    await closed;
    await http.send(readRequest);
    expect(ports.size).toBe(2);
  });
});

describe('the circuit breaker', () => {
  it('closes within ten seconds of the return of the platform', () => {
    const { breakFor, connectTimeout, headersTimeout } = defaultUpstreamLimits;
    expect(breakFor + connectTimeout + headersTimeout).toBeLessThanOrEqual(10_000);
  });

  it('closes with the first call that the platform answers again', async () => {
    let now = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
    try {
      const { once } = createPolicies({ ...defaultUpstreamLimits, breakAfter: 2 });
      const answer = (status: number) => once.execute(() => Promise.resolve({ status }));
      const states: (number | string)[] = [];
      const record = async (status: number) => {
        states.push(
          await answer(status).then(
            (result) => result.status,
            () => 'rejected',
          ),
        );
      };
      for (const status of [503, 503, 200]) await record(status);
      now += defaultUpstreamLimits.breakFor;
      for (const status of [503, 200]) await record(status);
      now += defaultUpstreamLimits.breakFor;
      for (const status of [200, 200]) await record(status);
      expect(states).toEqual([503, 503, 'rejected', 503, 'rejected', 200, 200]);
    } finally {
      clock.mockRestore();
    }
  });
});
