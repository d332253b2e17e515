import { FormData } from 'undici';
import { PlatformUnavailable } from '../ports';
import { sendOrUnavailable } from '../send';
import type { IssuedToken } from '../token-holder';
import type { RequestHeaders, UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import type { Warn } from '../warn';
import { describeRefusal, readToken, tokenErrorCode } from './token-answer';

/**
 * How the token request is sent:
 * - `multipart`: multipart/form-data with the field `client_Id`, as every sample of the access document's
 *   section 获取access_token;
 * - `urlencoded`: application/x-www-form-urlencoded with `client_id` and `client_secret` (RFC 6749 sections
 *   4.4.2 and 2.3.1), as standard token servers read it;
 * - `basic`: the same, with the credentials in the Authorization header (section 2.3.1).
 */
export type TokenForm = 'multipart' | 'urlencoded' | 'basic';

export interface TokenClientOptions {
  /** Calls the token server. */
  http: UpstreamHttp;
  clientId: string;
  clientSecret: string;
  /** Requested permissions, separated by spaces. */
  scope: string;
  /** The form to begin with; `multipart` unless given. */
  tokenForm?: TokenForm | undefined;
  /** Called with `fits`, the form to configure, if the server reads another one. */
  warn?: Warn | undefined;
}

/** What a process knows about the forms that the token server reads. */
interface FormState {
  form: TokenForm;
  /** Whether the other form was tried: once, so that wrong credentials are not sent twice each time. */
  hasTriedOther: boolean;
}

type TokenClient = TokenClientOptions & { state: FormState };

const OPERATION = 'token';
export const TOKEN_FORM_WARNING = 'the token server reads another form';

const otherForm: Readonly<Record<TokenForm, TokenForm>> = {
  multipart: 'urlencoded',
  urlencoded: 'multipart',
  basic: 'urlencoded',
};

interface EncodedForm {
  headers?: RequestHeaders;
  body: string | FormData;
}

function encodeMultipart(fields: Readonly<Record<string, string>>): EncodedForm {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return { body };
}

function encodeUrlencoded(fields: Readonly<Record<string, string>>): EncodedForm {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { headers, body: new URLSearchParams(fields).toString() };
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials(clientId: string, clientSecret: string): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  const joined = `${encode(clientId)}:${encode(clientSecret)}`;
  return `Basic ${Buffer.from(joined).toString('base64')}`;
}

function encodeForm(
  { clientId, clientSecret, scope }: TokenClientOptions,
  form: TokenForm,
): EncodedForm {
  const grant = { grant_type: 'client_credentials', scope };
  switch (form) {
    case 'multipart':
      return encodeMultipart({ ...grant, client_Id: clientId, client_secret: clientSecret });
    case 'urlencoded':
      return encodeUrlencoded({ ...grant, client_id: clientId, client_secret: clientSecret });
    case 'basic': {
      const encoded = encodeUrlencoded(grant);
      const authorization = basicCredentials(clientId, clientSecret);
      return { ...encoded, headers: { ...encoded.headers, authorization } };
    }
  }
}

function sendForm(options: TokenClientOptions, form: TokenForm): Promise<UpstreamAnswer> {
  return sendOrUnavailable(options.http, {
    operation: OPERATION,
    method: 'POST',
    path: '/connect/token',
    ...encodeForm(options, form),
    // Each new token revokes the one before. Only the last one is kept, so a retry is safe.
    idempotent: true,
  });
}

/**
 * Whether the server may not have understood the form: `invalid_request`, or `invalid_client` for the spelling
 * `client_Id`, which a standard server reads as no client at all.
 */
function isFormRefused(answer: UpstreamAnswer, form: TokenForm): boolean {
  const code = tokenErrorCode(answer);
  return code === 'invalid_request' || (code === 'invalid_client' && form === 'multipart');
}

/**
 * Requests an access token from 旭宇's token server: `POST /connect/token`, grant type client_credentials
 * (access document, section 获取access_token). A refused form is followed by one request in the other form; the
 * form that fits is remembered.
 * @throws PlatformUnavailable if no usable token came; the message holds no credential
 */
async function fetchToken(client: TokenClient): Promise<IssuedToken> {
  const { clientId, clientSecret, warn, state } = client;
  const credentials = [clientId, clientSecret];
  const answer = await sendForm(client, state.form);
  if (!isFormRefused(answer, state.form) || state.hasTriedOther) {
    return readToken(answer, credentials);
  }
  const form = otherForm[state.form];
  const other = await sendForm(client, form);
  state.hasTriedOther = true;
  try {
    const token = readToken(other, credentials);
    state.form = form;
    warn?.(TOKEN_FORM_WARNING, { setting: 'SHINGSOU_TOKEN_FORM', fits: form });
    return token;
  } catch (error) {
    // The first refusal is about the form that is configured; the second one may tell more.
    const first = describeRefusal(answer, credentials);
    const second = describeRefusal(other, credentials);
    const message = `shingsou ${OPERATION}: ${first}; as ${form}: ${second}`;
    throw new PlatformUnavailable(message, { cause: error });
  }
}

export function createTokenClient(options: TokenClientOptions): () => Promise<IssuedToken> {
  const state: FormState = { form: options.tokenForm ?? 'multipart', hasTriedOther: false };
  const client: TokenClient = { ...options, state };
  return () => fetchToken(client);
}
