import type { API_BASE, ApiRequest, ApiResponse, ContractKey } from '@shared/contract';
import type { Language } from '@shared/language';
import { ApiError, errorFromProblem, isProblem } from './api-error';
import type { ClientErrorCode } from './api-error';
import { TransportFailure } from './transport';
import type { HttpResponse, HttpRequest, Method, Transport } from './transport';

/** The path prefix of the contract's routes. Only its type is imported, so the schemas stay out of the bundle. */
const apiBase: typeof API_BASE = '/api/v1';

/** The credentials that calls are made with. */
export interface Credentials {
  /** Resolves to a token, after signing in if there is none; to undefined for calls that need none. */
  token(): Promise<string | undefined>;
  /** Called with a token that the BFF rejected. Resolves to a new one or rejects with an ApiError. */
  renew(rejectedToken: string): Promise<string>;
}

export interface ApiOptions {
  transport: Transport;
  /** The BFF's origin; empty for the origin of the page. */
  origin: string;
  credentials: Credentials;
  language(): Language;
  /** Title and detail of an error that does not come from the BFF. */
  describeError(code: ClientErrorCode): { title: string; detail: string };
}

type Arguments<Key extends ContractKey> = keyof ApiRequest<Key> extends never
  ? []
  : [request: ApiRequest<Key>];

/**
 * Calls a route of the contract by its name.
 * @throws ApiError for every error response, and when there is no response
 */
export type Api = <Key extends ContractKey>(
  key: Key,
  ...request: Arguments<Key>
) => Promise<ApiResponse<Key>>;

/** The parts of a request, without the types of its route. */
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

/**
 * Converts a route's name and a request to HTTP, without credentials.
 * @internal Exported for tests.
 */
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

/** Creates the function that calls the BFF. It renews a rejected token once and repeats the call. */
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

  // The BFF validates its responses against the contract, so the client does not repeat that.
  return call as Api;
}
