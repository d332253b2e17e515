import { request } from 'node:http';

/** A longer response is no acknowledgement. */
const MAX_RESPONSE_LENGTH = 64 * 1024;

export interface OutboundResponse {
  status: number;
  body: string;
}

/** Whether an address is on this machine: a simulator must not call any other. */
export function isLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const local =
    hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  return protocol === 'http:' && local;
}

/** A body to post, with headers beside those of JSON. */
export interface OutboundRequest {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * POSTs JSON over a connection of its own, follows no redirects, and waits `timeoutMs` (real time)
 * for the whole response.
 * @throws Error without a complete response in time
 */
export function postJson(
  url: string,
  outboundRequest: OutboundRequest,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<OutboundResponse> {
  const payload = Buffer.from(outboundRequest.body);
  const headers = {
    'content-type': 'application/json',
    'content-length': payload.length,
    ...outboundRequest.headers,
  };
  return new Promise((resolve, reject) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const call = request(url, { method: 'POST', headers, agent: false, signal: deadline });
    call.on('error', reject);
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_RESPONSE_LENGTH) call.destroy(new Error('the answer is too long'));
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text });
      });
    });
    call.end(payload);
  });
}
