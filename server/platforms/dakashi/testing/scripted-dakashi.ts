import type { ServerResponse } from 'node:http';
import { sendJson, startTestServer } from '../../testing/http-server';
import type { ReceivedRequest, TestServer } from '../../testing/http-server';
import { createDakashi } from '../index';
import type { Dakashi, DakashiOptions } from '../index';
import { operations } from '../operations';
import type { OperationName } from '../operations';

/** Responds to the calls of one operation. */
export type Handler = (request: ReceivedRequest, response: ServerResponse) => void;

export interface ScriptedDakashi extends TestServer {
  dakashi: Dakashi;
  /** By operation; an operation without a handler gets a plain 404. */
  handlers: Partial<Record<OperationName, Handler>>;
  timesCalled(name: OperationName): number;
  /** The fields of the last request. */
  lastFields(): Record<string, unknown>;
  warnings: { message: string; details: Readonly<Record<string, unknown>> }[];
}

export const CLIENT_ID = 'iotthe0client0id';
export const SECRET = 'the5secret9of1the3agent';

/** Responds with a success envelope around `data`. */
export function respondSuccess(data: unknown): Handler {
  return (_request, response) => sendJson(response, 200, { errcode: 0, errmsg: 'success', data });
}

/** Responds with this JSON body, without an envelope. */
export function respondJson(value: unknown, status = 200): Handler {
  return (_request, response) => sendJson(response, status, value);
}

export function respondError(errcode: number, errmsg = '说明'): Handler {
  return respondJson({ errcode, errmsg });
}

/** Responds with a text that need not be JSON. */
export function respondText(content: string, status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(content);
  };
}

/** Drops the connection before the response, so the outcome of the call is unknown. */
export const dropConnection: Handler = (_request, response) => {
  response.destroy();
};

/** Drops the connection in the middle of the response. */
export const truncateResponse: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"errcode":0,"errmsg":"succ', () => response.destroy());
};

/** Starts a platform whose responses the test scripts, and connects the adapter to it. */
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
