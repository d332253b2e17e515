import { FormData } from 'undici';
import { z } from 'zod';
import { bearerToken } from '../bearer-token';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import { sendOrUnavailable } from '../send';
import type { IssuedToken } from '../token-holder';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';

export interface TokenClientOptions {
  /** Calls the token server. */
  http: UpstreamHttp;
  clientId: string;
  clientSecret: string;
  /** Requested permissions, separated by spaces. */
  scope: string;
  /**
   * Name of the form field that carries the client id. The access document writes `client_Id` in
   * every sample of 获取access_token; standard token servers read `client_id`.
   */
  tokenFieldName?: string | undefined;
  /**
   * How the form is encoded. The access document says multipart/form-data; RFC 6749 section 4.4.2 says
   * application/x-www-form-urlencoded, and standard token servers read nothing else.
   */
  tokenForm?: 'multipart' | 'urlencoded' | undefined;
}

const OPERATION = 'token';

/** RFC 6749 section 5.2: the error codes are plain ASCII words. */
const tokenError = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** The token of a response. @throws PlatformUnavailable if there is none; the message holds no credential */
export function readToken({ status, text }: UpstreamAnswer): IssuedToken {
  const body = parseJson(text);
  const token = bearerToken.safeParse(body);
  if (status === 200 && token.success) return token.data;
  const error = tokenError.safeParse(body);
  const reason = error.success ? error.data.error : 'no token in the answer';
  throw new PlatformUnavailable(`shingsou ${OPERATION}: HTTP ${String(status)}, ${reason}`);
}

type EncodedForm = Pick<UpstreamRequest, 'headers' | 'body'>;

function encodeMultipart(fields: Readonly<Record<string, string>>): EncodedForm {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return { body };
}

function encodeUrlencoded(fields: Readonly<Record<string, string>>): EncodedForm {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { headers, body: new URLSearchParams(fields).toString() };
}

/**
 * Requests an access token from 旭宇's token server: `POST /connect/token`, grant type client_credentials,
 * multipart/form-data unless configured otherwise (access document, section 获取access_token).
 * @throws PlatformUnavailable if no usable token came; the message holds no credential
 */
async function fetchToken(options: TokenClientOptions): Promise<IssuedToken> {
  const { http, clientId, clientSecret, scope, tokenFieldName = 'client_Id' } = options;
  const encode = options.tokenForm === 'urlencoded' ? encodeUrlencoded : encodeMultipart;
  const answer = await sendOrUnavailable(http, {
    operation: OPERATION,
    method: 'POST',
    path: '/connect/token',
    ...encode({
      grant_type: 'client_credentials',
      [tokenFieldName]: clientId,
      client_secret: clientSecret,
      scope,
    }),
    // Each new token revokes the one before. Only the last one is kept, so a retry is safe.
    idempotent: true,
  });
  return readToken(answer);
}

export function createTokenClient(options: TokenClientOptions): () => Promise<IssuedToken> {
  return () => fetchToken(options);
}
