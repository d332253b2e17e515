import type { ServerResponse } from 'node:http';
import { sendJson, startTestServer } from '../../testing/http-server';
import type { ReceivedRequest, TestServer } from '../../testing/http-server';
import type { UpstreamCall } from '../../upstream-http';
import { createShingsou } from '../index';
import type { Shingsou } from '../index';
import { operations } from '../operations';
import type { OperationName } from '../operations';

/** Responds to the calls of one operation. */
export type Handler = (request: ReceivedRequest, response: ServerResponse) => void;

export interface ScriptedGateway extends TestServer {
  shingsou: Shingsou;
  /** By operation; an operation without a handler gets the gateway's own 404. */
  handlers: Partial<Record<OperationName, Handler>>;
  /** The number of tokens issued so far. Only the last one is valid. */
  tokensIssued(): number;
  /** Revokes the valid token without issuing another. */
  revokeToken(): void;
  /** The number of calls of an operation, including unauthorised ones. */
  timesCalled(name: OperationName): number;
  calls: UpstreamCall[];
  warnings: { message: string; details: Readonly<Record<string, unknown>> }[];
}

export const APP_ID = 'wx0123456789abcdef';
export const NOTIFY_URL = 'http://127.0.0.1:9/notify';

/** Responds with a success envelope around `data`. */
export function respondSuccess(data: unknown): Handler {
  return (_request, response) => {
    sendJson(response, 200, { code: 200, name: 'Status200OK', description: 'ok', data });
  };
}

const documentedCodes: Readonly<Record<string, number>> = { NotFound: 404, ExpectationFailed: 417 };

/** Drops the connection before the response, so the outcome of the call is unknown. */
export const dropConnection: Handler = (_request, response) => {
  response.destroy();
};

/** Responds with an error envelope. */
export function respondError(name: string, description = '说明'): Handler {
  const code = documentedCodes[name] ?? 422;
  return (_request, response) => {
    sendJson(response, code, { code, name, description });
  };
}

/** Starts a token server and gateway whose responses the test scripts, and connects the adapter to it. */
export async function startScriptedGateway(): Promise<ScriptedGateway> {
  let issuedCount = 0;
  let validToken = '';
  const handlers: ScriptedGateway['handlers'] = {};
  const calls: UpstreamCall[] = [];
  const warnings: ScriptedGateway['warnings'] = [];

  function issueToken(response: ServerResponse): void {
    issuedCount += 1;
    validToken = `token-${String(issuedCount)}`;
    sendJson(response, 200, { access_token: validToken, expires_in: 7200, token_type: 'Bearer' });
  }

  function handlerFor(path: string): Handler | undefined {
    const names = Object.keys(handlers) as OperationName[];
    const name = names.find((each) => operations[each].path === path);
    return name && handlers[name];
  }

  const server = await startTestServer((request, response) => {
    const isAuthorized =
      request.headers.authorization === `Bearer ${validToken}` &&
      request.headers['ocp-apim-subscription-key'] === 'the-key';
    const handler = handlerFor(request.path);
    if (request.path === '/connect/token') issueToken(response);
    else if (!isAuthorized) sendJson(response, 401, { statusCode: 401, message: 'no' });
    else if (handler) handler(request, response);
    else sendJson(response, 404, { statusCode: 404, message: 'Resource not found' });
  });

  const shingsou = createShingsou({
    idsUrl: server.url,
    apiUrl: server.url,
    clientId: 'the-client',
    clientSecret: 'the-secret',
    subscriptionKey: 'the-key',
    scope: 'iot.cardservice.all iot.paymentservice.all',
    appId: APP_ID,
    notifyUrl: NOTIFY_URL,
    clock: Date.now,
    onCall: (call) => calls.push(call),
    warn: (message, details) => warnings.push({ message, details }),
    limits: { retryPause: 2, breakAfter: 100_000 },
  });

  return {
    ...server,
    shingsou,
    handlers,
    calls,
    warnings,
    tokensIssued: () => issuedCount,
    revokeToken: () => {
      validToken = '';
    },
    timesCalled: (name) =>
      server.requests.filter(({ path }) => path === operations[name].path).length,
    async close() {
      await shingsou.close();
      await server.close();
    },
  };
}
