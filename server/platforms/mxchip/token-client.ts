import { bearerToken } from '../bearer-token';
import { PlatformUnavailable } from '../ports';
import { sendOrUnavailable } from '../send';
import { parseStrictJson } from '../strict-json';
import type { IssuedToken } from '../token-holder';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import { SUCCESS, envelope } from './envelope';

export interface TokenClientOptions {
  http: UpstreamHttp;
  clientId: string;
  clientSecret: string;
}

const OPERATION = 'token';

/** @throws PlatformUnavailable without any text of the platform, which may repeat the credentials */
function readToken({ status, text }: UpstreamAnswer): IssuedToken {
  const wrapped = envelope.safeParse(parseStrictJson(text));
  const code = wrapped.data?.meta.code;
  if (status >= 200 && status < 300 && code === SUCCESS) {
    const token = bearerToken.safeParse(wrapped.data?.data);
    if (token.success) return token.data;
  }
  const problem = code === undefined ? 'without an envelope' : `code ${String(code)}`;
  throw new PlatformUnavailable(
    `mxchip ${OPERATION}: no token (HTTP ${String(status)}, ${problem})`,
  );
}

/**
 * Requests an access token from 庆科: `POST /outer/token/`, grant type client_credentials. The document does
 * not say how the parameters are encoded; ASSUMED: application/x-www-form-urlencoded (RFC 6749 section
 * 4.4.2). The lifetime is `expires_in`.
 * @throws PlatformUnavailable if no usable token came; the message holds no credential
 */
async function fetchToken({
  http,
  clientId,
  clientSecret,
}: TokenClientOptions): Promise<IssuedToken> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }).toString();
  const answer = await sendOrUnavailable(http, {
    operation: OPERATION,
    method: 'POST',
    path: '/outer/token/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    idempotent: true,
  });
  return readToken(answer);
}

export function createTokenClient(options: TokenClientOptions): () => Promise<IssuedToken> {
  return () => fetchToken(options);
}
