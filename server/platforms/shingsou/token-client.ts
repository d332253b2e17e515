import { FormData } from 'undici';
import { z } from 'zod';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import type { IssuedToken } from '../token-holder';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';

export interface TokenClientOptions {
  /** Calls the token server. */
  http: UpstreamHttp;
  clientId: string;
  clientSecret: string;
  /** Permissions asked for, separated by spaces. */
  scope: string;
  /**
   * Name of the form field that carries the client id. The access document writes `client_Id` in
   * every sample of 获取access_token; standard servers of this kind read `client_id`.
   */
  tokenFieldName?: string | undefined;
}

const OPERATION = 'token';

/** RFC 6749 section 5.1; the value must be fit for a header. */
const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  expires_in: z
    .number()
    .positive()
    .max(20 * 366 * 86_400),
  token_type: z.string().regex(/^bearer$/i),
});

/** RFC 6749 section 5.2: the error codes are plain ASCII words. */
const tokenRefusal = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

function readToken({ status, text }: UpstreamAnswer): IssuedToken {
  const body = parseJson(text);
  const answer = tokenAnswer.safeParse(body);
  if (status === 200 && answer.success) {
    return { value: answer.data.access_token, expiresIn: answer.data.expires_in };
  }
  const refusal = tokenRefusal.safeParse(body);
  const reason = refusal.success ? refusal.data.error : 'no token in the answer';
  throw new PlatformUnavailable(`shingsou ${OPERATION}: HTTP ${String(status)}, ${reason}`);
}

/**
 * Asks 旭宇's token server for an access token: `POST /connect/token`, multipart/form-data,
 * grant type client_credentials (access document, section 获取access_token).
 * @throws PlatformUnavailable where no usable token came; the message never holds a credential.
 */
export function createTokenClient(options: TokenClientOptions): () => Promise<IssuedToken> {
  const { http, clientId, clientSecret, scope, tokenFieldName = 'client_Id' } = options;

  function form(): FormData {
    const fields = new FormData();
    fields.set('grant_type', 'client_credentials');
    fields.set(tokenFieldName, clientId);
    fields.set('client_secret', clientSecret);
    fields.set('scope', scope);
    return fields;
  }

  return async function fetchToken() {
    try {
      const answer = await http.send({
        operation: OPERATION,
        method: 'POST',
        path: '/connect/token',
        body: form(),
        // Each answer replaces the one before, and only the last is kept.
        repeatable: true,
      });
      return readToken(answer);
    } catch (error) {
      if (error instanceof UpstreamFault) throw new PlatformUnavailable(error.message);
      throw error;
    }
  };
}
