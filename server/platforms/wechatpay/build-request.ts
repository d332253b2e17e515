import type { KeyObject } from 'node:crypto';
import { withQuery } from '../upstream-http';
import type { UpstreamRequest } from '../upstream-http';
import { authorizationHeader } from './signatures';
import type { Merchant } from './signatures';

/**
 * A call of WeChat Pay v3. All of them are idempotent: queries change nothing, orders and refunds are
 * identified by our number, and closing a closed order does nothing.
 */
export interface ApiRequest {
  /** Names the call in errors, logs and metrics. */
  operation: string;
  method: 'GET' | 'POST';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object;
  /** The serial of the key that fields of the body are encrypted with (敏感信息加解密). */
  serial?: string;
}

export interface RequestSigner {
  merchant: Merchant;
  /** The 微信支付公钥 and its id, if the merchant has one. */
  publicKey?: { id: string; key: KeyObject } | undefined;
  /** Epoch milliseconds. */
  clock: () => number;
}

/** Adds the merchant's signature to a request. Each retry is signed again, with a new nonce and timestamp. */
export function signRequest(
  { merchant, publicKey, clock }: RequestSigner,
  { operation, method, path, query, body, serial = publicKey?.id }: ApiRequest,
): UpstreamRequest {
  const target = withQuery(path, query);
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = () => ({
    authorization: authorizationHeader(merchant, { method, path: target, body: text }, clock()),
    'user-agent': 'liuka',
    ...(text !== '' && { 'content-type': 'application/json' }),
    // Requests an answer signed with the public key (微信支付公钥, 切换指引).
    ...(serial !== undefined && { 'wechatpay-serial': serial }),
  });
  const base = { operation, method, path: target, headers, idempotent: true };
  return text === '' ? base : { ...base, body: text };
}
