import assert from 'node:assert/strict';
import {
  API_BASE,
  type ApiRequest,
  type ApiResponse,
  type ContractKey,
  type Problem,
} from '@shared/contract';
import { fetch, type Dispatcher } from 'undici';
import { checkResponse, type HttpResponse } from './contract-check';

export interface RawRequest {
  method: string;
  /** The path below the origin, with its query. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
}

/** A client of the BFF, with or without a session. Every response is checked against the contract. */
export interface ApiClient {
  token: string | undefined;
  /** Sends any request. */
  raw(request: RawRequest): Promise<HttpResponse>;
  /** Sends a request to a route of the contract, with any values. */
  send(key: ContractKey, request?: UncheckedRequest): Promise<HttpResponse>;
  /** Calls a route; an error fails the test. */
  ok<Key extends ContractKey>(key: Key, request: ApiRequest<Key>): Promise<ApiResponse<Key>>;
  /** Calls a route; success fails the test. */
  problem(key: ContractKey, request?: UncheckedRequest): Promise<Problem>;
}

/** The parts of a request, without the contract's types. */
export interface UncheckedRequest {
  params?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  body?: unknown;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function addressOf(key: ContractKey, { params = {}, query = {} }: UncheckedRequest): RawRequest {
  const [method = '', pattern = ''] = key.split(' ');
  const path = pattern.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const question = search.size > 0 ? `?${search.toString()}` : '';
  return { method, path: `${API_BASE}${path}${question}` };
}

interface ApiClientParts {
  origin: () => string;
  /** The connections to use. */
  dispatcher: () => Dispatcher;
  token: string | undefined;
  /** Called with every response. */
  onResponse: (answer: HttpResponse) => void;
}

export function createApiClient({
  origin,
  dispatcher,
  token,
  onResponse,
}: ApiClientParts): ApiClient {
  async function raw({ method, path, headers = {}, body }: RawRequest): Promise<HttpResponse> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${origin()}${path}`, {
      method,
      headers: { ...authorization, ...headers },
      dispatcher: dispatcher(),
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, body: parse(text) };
    onResponse(answer);
    checkResponse({ method, path }, answer);
    return answer;
  }

  function send(key: ContractKey, request: UncheckedRequest = {}): Promise<HttpResponse> {
    const { headers, body } = request;
    const json = body !== undefined && {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    return raw({ ...addressOf(key, request), ...(headers && { headers }), ...json });
  }

  return {
    token,
    raw,
    send,
    ok: async (key, request) => {
      const answer = await send(key, request as UncheckedRequest);
      assert.ok(answer.status < 400, `${key} answered ${answer.text}`);
      // `checkResponse` has checked the body against the schema of this route.
      return answer.body as ApiResponse<typeof key>;
    },
    problem: async (key, request) => {
      const answer = await send(key, request);
      assert.ok(answer.status >= 400, `${key} answered ${answer.text}`);
      return answer.body as Problem;
    },
  };
}
