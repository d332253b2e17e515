import type { API_BASE, ApiRequest, ApiResponse, ContractKey } from '@shared/contract';
import type { Language } from '@shared/language';
import { ApiError, errorFromProblem, isProblem } from './api-error';
import type { ClientErrorCode } from './api-error';
import { TransportFailure } from './transport';
import type { HttpResponse, HttpRequest, Method, Transport } from './transport';

/** Where the contract's routes live; the type holds it to the contract without loading it. */
const apiBase: typeof API_BASE = '/api/v1';

/** Who the calls are made for. */
export interface Credentials {
  /** A token, signing in first where there is none; undefined for calls anyone may make. */
  token(): Promise<string | undefined>;
  /** Called when a token was refused: another one, or an error that says what to do. */
  renew(isTokenRejected: string): Promise<string>;
}

export interface ApiOptions {
  transport: Transport;
  /** The BFF's origin; empty for the page's own. */
  origin: string;
  credentials: Credentials;
  language(): Language;
  /** Title and detail of an error the BFF did not word. */
  describeError(code: ClientErrorCode): { title: string; detail: string };
}

type Arguments<Key extends ContractKey> = keyof ApiRequest<Key> extends never
  ? []
  : [request: ApiRequest<Key>];

/**
 * Calls a route of the contract, by its name.
 * @throws ApiError for every answer that is not the route's own, and where no answer came
 */
export type Api = <Key extends ContractKey>(
  key: Key,
  ...request: Arguments<Key>
) => Promise<ApiResponse<Key>>;

/** The parts any request of the contract may have, as they are on the wire. */
interface UntypedRequest {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

function fillPath(template: string, params: UntypedRequest['params'] = {}): string {
  return template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryString(query: UntypedRequest['query'] = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Writes a route's name and a request of it as HTTP, without who asks. */
export function toHttp(key: ContractKey, request: UntypedRequest, origin: string): HttpRequest {
  const [method, path] = key.split(' ') as [Method, string];
  return {
    method,
    url: `${origin}${apiBase}${fillPath(path, request.params)}${queryString(request.query)}`,
    headers: request.headers ?? {},
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

function retryAfterOf(response: HttpResponse): number | undefined {
  const seconds = Number(response.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Makes the typed call function. */
export function createApi({
  transport,
  origin,
  credentials,
  language,
  describeError,
}: ApiOptions): Api {
  const clientError = (code: ClientErrorCode, status = 0): ApiError =>
    new ApiError({ code, status, ...describeError(code) });

  async function send(request: HttpRequest, token: string | undefined): Promise<HttpResponse> {
    try {
      return await transport({
        ...request,
        headers: {
          ...request.headers,
          'Accept-Language': language(),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
      });
    } catch (error) {
      if (error instanceof TransportFailure) throw clientError(`client.${error.reason}`);
      throw error;
    }
  }

  function read(response: HttpResponse): unknown {
    if (response.status === 204) return undefined;
    if (response.status >= 200 && response.status < 300 && response.body) return response.body;
    if (isProblem(response.body)) {
      throw errorFromProblem(response.body, response.status, retryAfterOf(response));
    }
    throw clientError('client.unreadable', response.status);
  }

  const isTokenRejected = (response: HttpResponse): boolean =>
    response.status === 401 &&
    isProblem(response.body) &&
    response.body.code === 'session.required';

  async function call(key: ContractKey, request: UntypedRequest = {}): Promise<unknown> {
    const http = toHttp(key, request, origin);
    const token = await credentials.token();
    const response = await send(http, token);
    if (token === undefined || !isTokenRejected(response)) return read(response);
    return read(await send(http, await credentials.renew(token)));
  }

  // What a route answers is the contract's word, kept by the BFF's own guard.
  return call as Api;
}
