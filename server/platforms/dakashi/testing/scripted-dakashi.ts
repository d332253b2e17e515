import type { ServerResponse } from 'node:http';
import { sendJson, startTestServer } from '../../testing/http-server';
import type { ReceivedRequest, TestServer } from '../../testing/http-server';
import { createDakashi } from '../index';
import type { Dakashi, DakashiOptions } from '../index';
import { operations } from '../operations';
import type { OperationName } from '../operations';

/** How a scripted platform treats one operation. */
export type Handler = (request: ReceivedRequest, response: ServerResponse) => void;

export interface ScriptedDakashi extends TestServer {
  dakashi: Dakashi;
  /** What it answers, by operation; an operation that is not here is a 404 of the web server's own. */
  handlers: Partial<Record<OperationName, Handler>>;
  timesCalled(name: OperationName): number;
  /** What the last request said. */
  lastFields(): Record<string, unknown>;
  warnings: { message: string; details: Readonly<Record<string, unknown>> }[];
}

export const CLIENT_ID = 'iotthe0client0id';
export const SECRET = 'the5secret9of1the3agent';

/** Success, with what it tells in `data`. */
export function respondSuccess(data: unknown): Handler {
  return (_request, response) => sendJson(response, 200, { errcode: 0, errmsg: 'success', data });
}

/** A body as it stands. */
export function respondJson(value: unknown, status = 200): Handler {
  return (_request, response) => sendJson(response, status, value);
}

export function respondError(errcode: number, errmsg = '说明'): Handler {
  return respondJson({ errcode, errmsg });
}

/** Bytes that need not be JSON. */
export function respondText(content: string, status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(content);
  };
}

/** The connection breaks before an answer: what came of the call is not known. */
export const dropConnection: Handler = (_request, response) => {
  response.destroy();
};

/** The connection breaks in the middle of one. */
export const truncateResponse: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"errcode":0,"errmsg":"succ', () => response.destroy());
};

/** A platform whose operations answer what the test puts there, and the adapter connected to it. */
export async function startScriptedDakashi(
  change: Partial<DakashiOptions> = {},
): Promise<ScriptedDakashi> {
  const handlers: ScriptedDakashi['handlers'] = {};
  const warnings: ScriptedDakashi['warnings'] = [];

  const server = await startTestServer((request, response) => {
    const names = Object.keys(handlers) as OperationName[];
    const name = names.find((each) => `/v1/${operations[each].id}` === request.path);
    const handler = name && handlers[name];
    if (handler) handler(request, response);
    else response.writeHead(404).end('Not Found');
  });

  const dakashi = createDakashi({
    url: server.url,
    dialect: '2017',
    clientId: CLIENT_ID,
    clientSecret: SECRET,
    clock: Date.now,
    warn: (message, details) => warnings.push({ message, details }),
    limits: { retryPause: 2, breakAfter: 100_000 },
    throttle: { interval: 0, rateLimitPause: 5 },
    ...change,
  });

  return {
    ...server,
    dakashi,
    handlers,
    warnings,
    timesCalled: (name) =>
      server.requests.filter(({ path }) => path === `/v1/${operations[name].id}`).length,
    lastFields: () => JSON.parse(server.requests.at(-1)?.body ?? '{}') as Record<string, unknown>,
    async close() {
      await dakashi.close();
      await server.close();
    },
  };
}
