/** The HTTP methods of the contract. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  method: Method;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Sent as JSON; absent if the request has no body. */
  body?: unknown;
}

export interface HttpResponse {
  status: number;
  /** Names are in lower case. */
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** There was no response. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';

  constructor(readonly reason: 'offline' | 'timeout') {
    super(reason);
  }
}

/**
 * Sends one request.
 * @returns every response, whatever its status
 * @throws TransportFailure if there is no response
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;
