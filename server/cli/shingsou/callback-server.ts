import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalizedText } from '@shared/language';
import { constantTimeEqual } from '../../lib/constant-time';

/** What the browser brought to the redirect address (RFC 6749, 4.1.2). */
type Callback = { code: string } | { error: string } | { timedOut: true };

export interface CallbackServer {
  /** The redirect address, on the loopback interface (RFC 8252, 7.3). */
  redirectUri: string;
  /** Waits for a callback that carries the state; others are answered with 400 and ignored. */
  wait(state: string, timeoutMs: number): Promise<Callback>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const PATH = '/callback';

const pages = {
  received: {
    'zh-CN': '已收到结果，可以关闭此页，回到终端。',
    en: 'Done. You can close this page.',
  },
  foreign: {
    'zh-CN': '此请求不是由本次授权发起的。',
    en: 'This request is not of this authorization.',
  },
} as const satisfies Record<string, LocalizedText>;

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    // The address of this page holds the code.
    'Referrer-Policy': 'no-referrer',
    Connection: 'close',
  });
  response.end(text);
}

/**
 * Listens for the callback of one authorization.
 * @param port 0 takes a free one
 * @throws Error if the port is taken
 */
export async function startCallbackServer(
  port: number,
  say: (text: LocalizedText) => string,
): Promise<CallbackServer> {
  const server = createServer();
  server.listen(port, HOST);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;

  return {
    redirectUri: `http://${HOST}:${address.port}${PATH}`,
    wait: (state, timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          resolve({ timedOut: true });
        }, timeoutMs);
        server.on('request', ({ url = '' }, response) => {
          const { pathname, searchParams } = new URL(url, `http://${HOST}`);
          const isOurs = constantTimeEqual(searchParams.get('state') ?? '', state);
          const code = searchParams.get('code');
          const error = searchParams.get('error');
          if (pathname !== PATH || !isOurs || (code === null && error === null)) {
            sendText(response, 400, say(pages.foreign));
            return;
          }
          clearTimeout(timer);
          sendText(response, 200, say(pages.received));
          resolve(code === null ? { error: error ?? '' } : { code });
        });
      }),
    close: async () => {
      server.close();
      server.closeIdleConnections();
      await once(server, 'close');
    },
  };
}
