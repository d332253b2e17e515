import type { API_BASE, ApiRequest, ApiResponse, ContractKey } from '@shared/contract';
import type { Language } from '@shared/language';
import { ApiError, errorFromProblem, isProblem } from './api-error';
import type { ClientErrorCode } from './api-error';
import { TransportFailure } from './transport';
import type { HttpAnswer, HttpRequest, Method, Transport } from './transport';

/** Where the contract's routes live; the type holds it to the contract without loading it. */
const apiBase: typeof API_BASE = '/api/v1';

/** Who the calls are made for. */
export interface Credentials {
  /** A token, signing in first where there is none; undefined for calls anyone may make. */
  token(): Promise<string | undefined>;
  /** Called when a token was refused: another one, or an error that says what to do. */
  renew(refused: string): Promise<string>;
}

export interface ApiParts {
  transport: Transport;
  /** The BFF's origin; empty for the page's own. */
  origin: string;
  credentials: Credentials;
  language(): Language;
  /** Title and detail of an error the BFF did not word. */
  explain(code: ClientErrorCode): { title: string; detail: string };
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
interface LooseRequest {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

function fill(template: string, params: LooseRequest['params'] = {}): string {
  return template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryString(query: LooseRequest['query'] = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Writes a route's name and a request of it as HTTP, without who asks. */
export function toHttp(key: ContractKey, request: LooseRequest, origin: string): HttpRequest {
  const [method, path] = key.split(' ') as [Method, string];
  return {
    method,
    url: `${origin}${apiBase}${fill(path, request.params)}${queryString(request.query)}`,
    headers: request.headers ?? {},
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

function retryAfterOf(answer: HttpAnswer): number | undefined {
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Makes the typed call function. */
export function createApi({ transport, origin, credentials, language, explain }: ApiParts): Api {
  const clientError = (code: ClientErrorCode, status = 0): ApiError =>
    new ApiError({ code, status, ...explain(code) });

  async function exchange(request: HttpRequest, token: string | undefined): Promise<HttpAnswer> {
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

  function read(answer: HttpAnswer): unknown {
    if (answer.status === 204) return undefined;
    if (answer.status >= 200 && answer.status < 300 && answer.body) return answer.body;
    if (isProblem(answer.body)) {
      throw errorFromProblem(answer.body, answer.status, retryAfterOf(answer));
    }
    throw clientError('client.unreadable', answer.status);
  }

  const refused = (answer: HttpAnswer): boolean =>
    answer.status === 401 && isProblem(answer.body) && answer.body.code === 'session.required';

  async function call(key: ContractKey, request: LooseRequest = {}): Promise<unknown> {
    const http = toHttp(key, request, origin);
    const token = await credentials.token();
    const answer = await exchange(http, token);
    if (token === undefined || !refused(answer)) return read(answer);
    return read(await exchange(http, await credentials.renew(token)));
  }

  // What a route answers is the contract's word, kept by the BFF's own guard.
  return call as Api;
}
