/** The HTTP methods of the contract. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  method: Method;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Sent as JSON; absent where the request has no body. */
  body?: unknown;
}

export interface HttpResponse {
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** Why no answer came. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';

  constructor(readonly reason: 'offline' | 'timeout') {
    super(reason);
  }
}

/**
 * Sends one request.
 * @throws TransportFailure where no answer came; every answer, whatever its status, is returned
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;
