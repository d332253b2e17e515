import { randomBytes } from 'node:crypto';
import { FormData } from 'undici';
import { constantTimeEqual } from '../../lib/constant-time';
import { sendOrUnavailable } from '../send';
import type { IssuedToken } from '../token-holder';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import { readToken } from './token-answer';

export interface AuthorizationOptions {
  /** Origin of the token server. */
  idsUrl: string;
  /** Calls the token server. */
  http: UpstreamHttp;
  clientId: string;
  clientSecret: string;
}

interface AuthorizationRequest {
  /** Exactly as registered with the application. */
  redirectUri: string;
  /** Requested permissions, separated by spaces. */
  scope: string;
  /** A value from `newState`, stored for this browser. */
  state: string;
}

/** The query parameters the browser brings to the redirect address. */
interface AuthorizationResponse {
  code: string;
  state: string;
}

type TokenExchangeResult =
  | { outcome: 'done'; token: IssuedToken }
  /**
   * `stateDiffers`: the callback does not belong to this browser's request; nothing was sent.
   * `codeInvalid`: the code was used before, has expired or was forged.
   */
  | { outcome: 'refused'; reason: 'stateDiffers' | 'codeInvalid' };

export interface Authorization {
  /** A random value to store with the browser's session until the callback (RFC 6749, section 10.12). */
  newState(): string;
  /** The address where the person gives their consent. */
  authorizeUrl(request: AuthorizationRequest): string;
  /**
   * Checks the state of a callback and exchanges its code for a token. A code can be exchanged once.
   * @throws PlatformUnavailable if no usable response came; the code may be used up
   */
  exchange(
    response: AuthorizationResponse,
    expected: { state: string; redirectUri: string },
  ): Promise<TokenExchangeResult>;
}

const OPERATION = 'authorization';
const STATE_BYTES = 32;

/** RFC 6749, section 5.2, `invalid_grant`: the code is invalid. Other errors are our own mistakes. */
function isInvalidGrant({ status, text }: UpstreamAnswer): boolean {
  return status === 400 && /"error"\s*:\s*"invalid_grant"/.test(text);
}

function authorizeUrl(
  { idsUrl, clientId }: AuthorizationOptions,
  { redirectUri, scope, state }: AuthorizationRequest,
): string {
  const url = new URL('/connect/authorize/callback', idsUrl);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state,
  }).toString();
  return url.href;
}

/** @throws PlatformUnavailable */
function requestToken(
  { http, clientId, clientSecret }: AuthorizationOptions,
  code: string,
  redirectUri: string,
): Promise<UpstreamAnswer> {
  const body = new FormData();
  body.set('grant_type', 'authorization_code');
  body.set('code', code);
  body.set('client_id', clientId);
  body.set('client_secret', clientSecret);
  body.set('redirect_uri', redirectUri);
  return sendOrUnavailable(http, {
    operation: OPERATION,
    method: 'POST',
    path: '/connect/token',
    body,
    // A code can be used once. A retry after a lost response would be refused.
    idempotent: false,
  });
}

/**
 * The authorization code grant for website applications (access document, 获取access_token, 网站应用): the
 * person consents at `/connect/authorize/callback`, and the code is exchanged at `/connect/token` in
 * multipart/form-data. This sample spells the field `client_id`, unlike that of client_credentials.
 */
export function createAuthorization(options: AuthorizationOptions): Authorization {
  return {
    newState: () => randomBytes(STATE_BYTES).toString('base64url'),
    authorizeUrl: (request) => authorizeUrl(options, request),
    async exchange({ code, state }, expected) {
      if (expected.state === '' || !constantTimeEqual(state, expected.state)) {
        return { outcome: 'refused', reason: 'stateDiffers' };
      }
      const answer = await requestToken(options, code, expected.redirectUri);
      return isInvalidGrant(answer)
        ? { outcome: 'refused', reason: 'codeInvalid' }
        : { outcome: 'done', token: readToken(answer, [options.clientId, options.clientSecret]) };
    },
  };
}
