import { createHash } from 'node:crypto';
import type { TestResponse, TestSandbox } from './start-sandbox';

/** The body of a response of 大卡师. */
export interface DakashiReply {
  errcode: number;
  errmsg: string;
  data?: unknown;
  order_no?: string;
}

/** A client of the simulated 大卡师, with its own implementation of the signature. */
export function createDakashiClient(sandbox: TestSandbox) {
  const { settings } = sandbox;
  const secret = settings.DAKASHI_CLIENT_SECRET ?? '';

  async function signRequest(fields: Record<string, unknown>): Promise<Record<string, unknown>> {
    const timestamp = Math.floor((await sandbox.now()) / 1000);
    const all: Record<string, unknown> = {
      client_id: settings.DAKASHI_CLIENT_ID,
      timestamp,
      ...fields,
    };
    const names = Object.keys(all).filter((name) => all[name] !== undefined);
    const text = names
      .sort()
      .map((name) => `${name}=${String(all[name])}`)
      .join('&');
    const sign = createHash('sha1').update(`${text}${secret}`).digest('hex').toUpperCase();
    return { sign, ...all };
  }

  const post = (path: string, body: unknown): Promise<TestResponse> =>
    sandbox.call(`/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  return {
    signRequest,
    post,
    /** Sends a signed request; `fields` can replace any of its fields. */
    async call(path: string, fields: Record<string, unknown> = {}): Promise<DakashiReply> {
      return (await post(path, await signRequest(fields))).body as DakashiReply;
    },
  };
}
