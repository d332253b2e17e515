import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as forward,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface ProxiedCall {
  method: string;
  path: string;
  body: string;
}

/** A proxy between the BFF and the platforms: it records calls and can drop or change them. */
export interface PlatformProxy {
  url: string;
  calls: ProxiedCall[];
  /** The number of calls to a path since the last `clearCalls`. */
  count(path: string): number;
  clearCalls(): void;
  /** Drops responses of a path until `restore`: the platform carries its requests out. */
  dropResponsesOf(path: string): void;
  /** Drops requests to a path until `restore`. */
  dropRequestsTo(path: string): void;
  /** Changes the response bodies of a path until `restore`. */
  rewriteResponsesOf(path: string, change: (body: string) => string): void;
  /** Delays requests to a path until the returned function is called. */
  holdRequestsTo(path: string): () => void;
  restore(): void;
  close(): Promise<void>;
}

/** Paths of the operations of 旭宇's gateway, as the proxy sees them. */
export const shingsouPaths = {
  register: '/payment/Payment',
  appletPay: '/payment/v2/WechatPay/AppletPay',
  query: '/payment/v2/WechatPay/Query',
  close: '/payment/v2/WechatPay/Close',
  refund: '/payment/v2/WechatPay/Refund',
  delivery: '/payment/Order',
  token: '/connect/token',
  detail: '/cards/FlowCard/Detail',
} as const;

/** Paths of WeChat Pay's operations, as the proxy sees them. */
export const payPaths = {
  order: '/v3/pay/transactions/jsapi',
  refund: '/v3/refund/domestic/refunds',
  certificates: '/v3/certificates',
  queryOf: (number: string) => `/v3/pay/transactions/out-trade-no/${number}`,
  closeOf: (number: string) => `/v3/pay/transactions/out-trade-no/${number}/close`,
  transactionOf: (id: string) => `/v3/pay/transactions/id/${id}`,
} as const;

/** Paths of 大卡师's operations, as the proxy sees them. */
export const dakashiPaths = {
  info: '/v1/member/info',
  cardPackages: '/v1/member/product/info',
  catalogue: '/v1/product/info',
  recharge: '/v1/recharge',
  order: '/v1/order/info',
  balance: '/v1/user/info',
} as const;

function pathOf(message: IncomingMessage): string {
  return new URL(message.url ?? '/', 'http://localhost').pathname;
}

/** Starts a proxy to the platforms at `target`. */
export async function startPlatformProxy(target: string): Promise<PlatformProxy> {
  const calls: ProxiedCall[] = [];
  const droppedResponses = new Set<string>();
  const droppedRequests = new Set<string>();
  const rewrites = new Map<string, (body: string) => string>();
  const held = new Map<string, Promise<void>>();

  async function forwardRequest(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(message);
    const body = await buffer(message);
    calls.push({ method: message.method ?? '', path, body: body.toString() });
    await held.get(path);
    if (droppedRequests.has(path)) {
      response.destroy();
      return;
    }
    const { headers, method } = message;
    const onward = forward(`${target}${message.url ?? '/'}`, { method, headers });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    const answerBody = await buffer(answer);
    if (droppedResponses.has(path)) {
      response.destroy();
      return;
    }
    const change = rewrites.get(path);
    const responseBody = change ? Buffer.from(change(answerBody.toString())) : answerBody;
    const length = change && { 'content-length': String(responseBody.length) };
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...length });
    response.end(responseBody);
  }

  const server = createServer((message, response) => {
    forwardRequest(message, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${String(port)}`,
    calls,
    count: (path) => calls.filter((call) => call.path === path).length,
    clearCalls: () => calls.splice(0),
    dropResponsesOf: (path) => droppedResponses.add(path),
    dropRequestsTo: (path) => droppedRequests.add(path),
    rewriteResponsesOf: (path, change) => rewrites.set(path, change),
    holdRequestsTo: (path) => {
      let release: () => void = () => undefined;
      held.set(path, new Promise((resolve) => (release = resolve)));
      return () => {
        held.delete(path);
        release();
      };
    },
    restore: () => {
      for (const fault of [droppedResponses, droppedRequests, rewrites]) fault.clear();
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
