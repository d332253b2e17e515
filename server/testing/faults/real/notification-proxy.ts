import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { request } from 'undici';
import { notificationKey } from '../checker';
import type { BffEndpoint } from './bff-process';

/** The public address in front of all BFFs to which the channels send their notifications. */
export interface NotificationProxy {
  origin: string;
  close(): void;
}

interface NotificationProxyParts {
  /** The BFF for the `turn`-th notification; undefined if none is up. */
  pickBff: (turn: number) => BffEndpoint | undefined;
  /** Called with the `notificationKey` of every acknowledged notification. */
  onAcknowledged: (key: string) => void;
  /** Called when a BFF answers with a server error other than 503. */
  onFault: (detail: string) => void;
}

/** Only WeChat Pay's notifications carry an id. */
const CHANNEL = 'wechatpay';
const UNAVAILABLE = 503;

/** Forwards notifications byte for byte and reports the acknowledged ones. */
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
    if (!next) throw new Error('no BFF is up');
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
    // Without a complete response from the BFF, the channel gets none either.
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
