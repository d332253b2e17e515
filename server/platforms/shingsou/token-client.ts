import { FormData } from 'undici';
import { z } from 'zod';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import type { IssuedToken } from '../token-holder';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';

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
  /**
   * How the form is sent. The access document says multipart/form-data; RFC 6749 section 4.4.2 says
   * application/x-www-form-urlencoded, and standard servers read nothing else.
   */
  tokenForm?: 'multipart' | 'urlencoded' | undefined;
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
const tokenError = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** The token of an answer. @throws PlatformUnavailable where there is none; the message never holds a credential. */
export function readToken({ status, text }: UpstreamAnswer): IssuedToken {
  const body = parseJson(text);
  const answer = tokenAnswer.safeParse(body);
  if (status === 200 && answer.success) {
    return { value: answer.data.access_token, expiresIn: answer.data.expires_in };
  }
  const errorAnswer = tokenError.safeParse(body);
  const reason = errorAnswer.success ? errorAnswer.data.error : 'no token in the answer';
  throw new PlatformUnavailable(`shingsou ${OPERATION}: HTTP ${String(status)}, ${reason}`);
}

type SentForm = Pick<UpstreamRequest, 'headers' | 'body'>;

function multipart(fields: Readonly<Record<string, string>>): SentForm {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return { body };
}

function urlencoded(fields: Readonly<Record<string, string>>): SentForm {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { headers, body: new URLSearchParams(fields).toString() };
}

/**
 * Asks 旭宇's token server for an access token: `POST /connect/token`, multipart/form-data
 * unless told otherwise, grant type client_credentials (access document, section 获取access_token).
 * @throws PlatformUnavailable where no usable token came; the message never holds a credential.
 */
export function createTokenClient(options: TokenClientOptions): () => Promise<IssuedToken> {
  const { http, clientId, clientSecret, scope, tokenFieldName = 'client_Id' } = options;
  const encode = options.tokenForm === 'urlencoded' ? urlencoded : multipart;
  const fields = {
    grant_type: 'client_credentials',
    [tokenFieldName]: clientId,
    client_secret: clientSecret,
    scope,
  };

  return async function fetchToken() {
    try {
      const answer = await http.send({
        operation: OPERATION,
        method: 'POST',
        path: '/connect/token',
        ...encode(fields),
        // Each answer replaces the one before, and only the last is kept.
        idempotent: true,
      });
      return readToken(answer);
    } catch (error) {
      if (error instanceof UpstreamFault) throw new PlatformUnavailable(error.message);
      throw error;
    }
  };
}
