import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface WireCall {
  method: string;
  path: string;
  body: string;
}

/** The line between the BFF and the platforms: it counts what passes, and can lose answers. */
export interface Wire {
  url: string;
  calls: WireCall[];
  /** How often a path was asked for since the last `forget`. */
  count(path: string): number;
  forget(): void;
  /** What is asked of the path arrives and is done, but its answers never come back, until mended. */
  loseAnswersOf(path: string): void;
  /** What is asked of the path never arrives, until mended. */
  loseRequestsTo(path: string): void;
  /** The path's answers arrive changed, until mended. */
  changeAnswersOf(path: string, change: (body: string) => string): void;
  /** Holds up requests to the path until the returned function is called. */
  holdUp(path: string): () => void;
  mend(): void;
  close(): Promise<void>;
}

const paths = {
  register: '/payment/Payment',
  sheet: '/payment/v2/WechatPay/AppletPay',
  query: '/payment/v2/WechatPay/Query',
  close: '/payment/v2/WechatPay/Close',
  refund: '/payment/v2/WechatPay/Refund',
  delivery: '/payment/Order',
  token: '/connect/token',
  detail: '/cards/FlowCard/Detail',
} as const;

/** Addresses of the gateway's operations, as they pass on the line. */
export const wirePaths: typeof paths = paths;

/** Addresses of 大卡师's operations, as they pass on the line. */
export const dakashiPaths = {
  info: '/v1/member/info',
  held: '/v1/member/product/info',
  catalogue: '/v1/product/info',
  recharge: '/v1/recharge',
  order: '/v1/order/info',
  balance: '/v1/user/info',
} as const;

function pathOf(message: IncomingMessage): string {
  return new URL(message.url ?? '/', 'http://localhost').pathname;
}

/** Lays a line to the platforms at `target`. */
export async function layWire(target: string): Promise<Wire> {
  const calls: WireCall[] = [];
  const lost = new Set<string>();
  const unsent = new Set<string>();
  const changes = new Map<string, (body: string) => string>();
  const held = new Map<string, Promise<void>>();

  async function pass(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(message);
    const body = await buffer(message);
    calls.push({ method: message.method ?? '', path, body: body.toString() });
    await held.get(path);
    if (unsent.has(path)) {
      response.destroy();
      return;
    }
    const { headers, method } = message;
    const onward = forward(`${target}${message.url ?? '/'}`, { method, headers });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    const answerBody = await buffer(answer);
    if (lost.has(path)) {
      response.destroy();
      return;
    }
    const change = changes.get(path);
    const told = change ? Buffer.from(change(answerBody.toString())) : answerBody;
    const length = change && { 'content-length': String(told.length) };
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...length });
    response.end(told);
  }

  const server = createServer((message, response) => {
    pass(message, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${String(port)}`,
    calls,
    count: (path) => calls.filter((call) => call.path === path).length,
    forget: () => calls.splice(0),
    loseAnswersOf: (path) => lost.add(path),
    loseRequestsTo: (path) => unsent.add(path),
    changeAnswersOf: (path, change) => changes.set(path, change),
    holdUp: (path) => {
      let letGo: () => void = () => undefined;
      held.set(path, new Promise((resolve) => (letGo = resolve)));
      return () => {
        held.delete(path);
        letGo();
      };
    },
    mend: () => {
      for (const trouble of [lost, unsent, changes]) trouble.clear();
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
