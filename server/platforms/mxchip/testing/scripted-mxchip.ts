import type { ServerResponse } from 'node:http';
import { sendJson, startTestServer } from '../../testing/http-server';
import type { ReceivedRequest, TestServer } from '../../testing/http-server';
import { createMxchip } from '../index';
import type { Mxchip } from '../index';

/** Responds to the requests of one path. */
export type Handler = (request: ReceivedRequest, response: ServerResponse) => void;

export const DEVICE_ID = 'e22cfa2e-9752-11e6-9baf-00163e120d98';
export const SECRET = 'the5secret9of1the3client';
export const TOKEN = '2cwO2K4FVynCWmG';

/** The example answers of the document. */
export const sampleAnswers = {
  '/outer/token/': {
    access_token: TOKEN,
    token_type: 'Bearer',
    expires_in: 36000,
    scope: 'read write groups',
  },
  '/outer/device/info/': {
    mac: 'agxhl',
    online: false,
    pname: 'test',
    createtime: '2016-10-21T13:54:51.950',
    productid: 'c33d3908-9752-11e6-9baf-00163e120d98',
  },
  '/outer/device/endusers/': [
    { enduserid: 'u-1', phone: '13026500000', email: 'abc@126.com', app: 'a-1', role: 1 },
    { enduserid: 'u-2', phone: '13026500001', email: '', app: 'a-1', role: 3 },
  ],
  '/outer/device/unbind/': { deviceid: DEVICE_ID },
} as const;
export type Path = keyof typeof sampleAnswers;

/** Responds with a success envelope around `data`. */
export function respondSuccess(data: unknown): Handler {
  return respondJson({ meta: { message: 'ok', code: 0 }, data });
}

/** Responds with this JSON body, without an envelope. */
export function respondJson(value: unknown, status = 200): Handler {
  return (_request, response) => sendJson(response, status, value);
}

export function respondError(code: number, message: unknown = '说明', status = 400): Handler {
  return respondJson({ meta: { message, code }, data: {} }, status);
}

/** Responds with a text that need not be JSON. */
export function respondText(content: string, status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(content);
  };
}

/** Drops the connection before the response. */
export const dropConnection: Handler = (_request, response) => {
  response.destroy();
};

export interface ScriptedMxchip extends TestServer {
  mxchip: Mxchip;
  /** By path. */
  handlers: Record<Path, Handler>;
  /** Restores the example answers. */
  resetHandlers(): void;
  warnings: unknown[];
  timesCalled(path: Path): number;
}

/** Starts a platform whose responses the test scripts, and connects the adapter to it. */
export async function startScriptedMxchip(): Promise<ScriptedMxchip> {
  const defaultHandlers = () =>
    Object.fromEntries(
      Object.entries(sampleAnswers).map(([path, data]) => [path, respondSuccess(data)]),
    ) as Record<Path, Handler>;
  const handlers = defaultHandlers();
  const warnings: unknown[] = [];
  const server = await startTestServer((request, response) => {
    const handler = (handlers as Partial<Record<string, Handler>>)[request.path];
    if (handler) handler(request, response);
    else response.writeHead(404).end('Not Found');
  });
  const mxchip = createMxchip({
    url: server.url,
    clientId: 'client',
    clientSecret: SECRET,
    clock: Date.now,
    warn: (message, details) => warnings.push(message, details),
    limits: { retries: 0, retryPause: 1, breakAfter: 1_000_000, totalTimeout: 2_000 },
  });
  return {
    ...server,
    mxchip,
    handlers,
    resetHandlers: () => void Object.assign(handlers, defaultHandlers()),
    warnings,
    timesCalled: (path) => server.requests.filter((request) => request.path === path).length,
    async close() {
      await mxchip.close();
      await server.close();
    },
  };
}
