import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { request } from 'undici';
import { notificationKey } from '../checker';
import type { BffEndpoint } from './bff-process';

/** The one public address in front of all BFFs, where the channels send their notifications. */
export interface NotificationProxy {
  origin: string;
  close(): void;
}

interface NotificationProxyParts {
  /** The BFF that gets the notification of this number; undefined if nobody is there. */
  pickBff: (turn: number) => BffEndpoint | undefined;
  /** Told of every notification that was acknowledged, by its `notificationKey`. */
  onAcknowledged: (key: string) => void;
  /** Told of an answer that no BFF may give. */
  onFault: (detail: string) => void;
}

/** WeChat Pay's alone carry an id by which both sides know them. */
const CHANNEL = 'wechatpay';
const UNAVAILABLE = 503;

/** Passes notifications on byte for byte, and remembers which of them were acknowledged. */
export async function startNotificationProxy({
  pickBff,
  onAcknowledged,
  onFault,
}: NotificationProxyParts): Promise<NotificationProxy> {
  let turn = 0;

  async function forwardNotification(
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = 'POST', url = '/', headers } = incoming;
    const body = await buffer(incoming);
    const next = pickBff((turn += 1));
    if (!next) throw new Error('nobody is there');
    const { origin, dispatcher } = next;
    const { host: _, connection: __, ...rest } = headers;
    const answer = await request(`${origin}${url}`, {
      method,
      headers: rest,
      body,
      dispatcher,
    });
    const text = await answer.body.text();
    const isFault = answer.statusCode >= 500 && answer.statusCode !== UNAVAILABLE;
    if (isFault) onFault(`a notification was answered with ${text}`);
    const id = url.endsWith(`/${CHANNEL}`) ? readNotificationId(body) : undefined;
    if (answer.statusCode < 300 && id !== undefined) onAcknowledged(notificationKey(CHANNEL, id));
    response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).end(text);
  }

  const server = createServer((incoming, response) => {
    // Where no whole answer came, the channel hears none either.
    forwardNotification(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function readNotificationId(body: Buffer): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    const isNamed = typeof parsed === 'object' && parsed !== null && 'id' in parsed;
    return isNamed && typeof parsed.id === 'string' ? parsed.id : undefined;
  } catch {
    return undefined;
  }
}
