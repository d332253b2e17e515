import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { FormData } from 'undici';
import { PlatformUnavailable } from '../ports';
import type { IssuedToken } from '../token-holder';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import { readToken } from './token-client';

export interface AuthorizationOptions {
  /** Origin of the token server. */
  idsUrl: string;
  /** Calls the token server. */
  http: UpstreamHttp;
  clientId: string;
  clientSecret: string;
}

export interface AuthorizationRequest {
  /** As it is registered with the application, and no other. */
  redirectUri: string;
  /** Permissions asked for, separated by spaces. */
  scope: string;
  /** What `newState` gave for this browser. */
  state: string;
}

/** What a browser brought back to the redirect address. */
export interface AuthorizationResponse {
  code: string;
  state: string;
}

export type TokenExchangeResult =
  | { outcome: 'done'; token: IssuedToken }
  /** `stateDiffers`: it is not this browser's own return; nothing was sent. `codeInvalid`: used, late, or made up. */
  | { outcome: 'refused'; reason: 'stateDiffers' | 'codeInvalid' };

export interface Authorization {
  /** A text nobody can guess, to be kept with the browser's session until it comes back. */
  newState(): string;
  /** Where the browser is sent to for the person's consent. */
  authorizeUrl(request: AuthorizationRequest): string;
  /**
   * Exchanges what the browser brought back for a token, once.
   * @throws PlatformUnavailable where no usable answer came: the code may be used up.
   */
  exchange(
    response: AuthorizationResponse,
    expected: { state: string; redirectUri: string },
  ): Promise<TokenExchangeResult>;
}

const OPERATION = 'authorization';
const STATE_BYTES = 32;

/** Compared by digests of one length, in a time that says nothing of the texts. */
function isEqualConstantTime(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** RFC 6749 section 5.2: the code is worth nothing. Other errors are mistakes of ours. */
function isInvalidGrant({ status, text }: UpstreamAnswer): boolean {
  return status === 400 && /"error"\s*:\s*"invalid_grant"/.test(text);
}

/**
 * The grant of website applications (access document, 获取access_token, 网站应用): the person consents at
 * `/connect/authorize/callback`, and the code is exchanged at `/connect/token`, multipart/form-data with the
 * field `client_id` (in this sample the usual spelling, unlike that of client_credentials).
 */
export function createAuthorization(options: AuthorizationOptions): Authorization {
  const { idsUrl, http, clientId, clientSecret } = options;

  function tokenRequestForm(code: string, redirectUri: string): FormData {
    const fields = new FormData();
    fields.set('grant_type', 'authorization_code');
    fields.set('code', code);
    fields.set('client_id', clientId);
    fields.set('client_secret', clientSecret);
    fields.set('redirect_uri', redirectUri);
    return fields;
  }

  async function send(body: FormData): Promise<UpstreamAnswer> {
    try {
      const request = { operation: OPERATION, method: 'POST', path: '/connect/token' } as const;
      // A code is good once: a second attempt would be refused though the first was lost on its way back.
      return await http.send({ ...request, body, idempotent: false });
    } catch (error) {
      if (error instanceof UpstreamFault) throw new PlatformUnavailable(error.message);
      throw error;
    }
  }

  return {
    newState: () => randomBytes(STATE_BYTES).toString('base64url'),
    authorizeUrl({ redirectUri, scope, state }) {
      const url = new URL('/connect/authorize/callback', idsUrl);
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope,
        state,
      }).toString();
      return url.href;
    },
    async exchange({ code, state }, expected) {
      if (expected.state === '' || !isEqualConstantTime(state, expected.state)) {
        return { outcome: 'refused', reason: 'stateDiffers' };
      }
      const answer = await send(tokenRequestForm(code, expected.redirectUri));
      return isInvalidGrant(answer)
        ? { outcome: 'refused', reason: 'codeInvalid' }
        : { outcome: 'done', token: readToken(answer) };
    },
  };
}
