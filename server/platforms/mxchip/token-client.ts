import { z } from 'zod';
import { PlatformUnavailable } from '../ports';
import { parseStrictJson } from '../strict-json';
import type { IssuedToken } from '../token-holder';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import { SUCCESS, envelope } from './envelope';

export interface TokenClientOptions {
  http: UpstreamHttp;
  clientId: string;
  clientSecret: string;
}

const OPERATION = 'token';

const tokenData = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z
    .number()
    .positive()
    .max(20 * 366 * 86_400),
});

/** Why there is no token, without any text of the platform's: it may repeat what it was sent. */
function problemOf({ status, text }: UpstreamAnswer): string {
  const wrapped = envelope.safeParse(parseStrictJson(text));
  const code = wrapped.success ? `code ${String(wrapped.data.meta.code)}` : 'without an envelope';
  return `HTTP ${String(status)}, ${code}`;
}

function readToken(answer: UpstreamAnswer): IssuedToken {
  const wrapped = envelope.safeParse(parseStrictJson(answer.text));
  const data = wrapped.success ? tokenData.safeParse(wrapped.data.data) : undefined;
  const isGood = answer.status === 200 && wrapped.data?.meta.code === SUCCESS;
  if (isGood && data?.success) {
    return { value: data.data.access_token, expiresIn: data.data.expires_in };
  }
  throw new PlatformUnavailable(`mxchip ${OPERATION}: no token (${problemOf(answer)})`);
}

/**
 * Asks 庆科 for an access token: `POST /outer/token/`, grant type client_credentials. The document does not say
 * how the parameters travel; ASSUMED: as application/x-www-form-urlencoded (RFC 6749 section 4.4.2). Of the
 * lifetime only `expires_in` counts.
 * @throws PlatformUnavailable where no usable token came; the message never holds a credential
 */
export function createTokenClient({ http, clientId, clientSecret }: TokenClientOptions) {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }).toString();

  return async function fetchToken(): Promise<IssuedToken> {
    try {
      const answer = await http.send({
        operation: OPERATION,
        method: 'POST',
        path: '/outer/token/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
        idempotent: true,
      });
      return readToken(answer);
    } catch (error) {
      if (error instanceof UpstreamFault) throw new PlatformUnavailable(error.message);
      throw error;
    }
  };
}
