import { ApiError } from './api-error';
import type { ClientErrorCode } from './api-error';
import { createApi } from './api-client';
import type { Credentials } from './api-client';
import { createSession } from './session';
import { taroTransport } from './taro-transport';
import { currentLanguage, currentTexts } from '../i18n/language';
import { canSignIn, getLoginCode } from '../platform/login';
import { apiOrigin } from '../platform/prepare';
import { phoneStoredValue } from '@client/storage/phone-storage';
import { isString } from '@client/lib/guards';

/** Composition root: the API clients and the session that pages use. */

function clientError(code: ClientErrorCode): ApiError {
  return new ApiError({ code, status: 0, ...currentTexts().errors[code] });
}

/** Creates an API client with the given credentials. */
export function createApiFor(credentials: Credentials) {
  return createApi({
    transport: taroTransport,
    origin: apiOrigin,
    credentials,
    language: currentLanguage,
    describeError: (code) => currentTexts().errors[code],
  });
}

/** For routes that need no session. */
export const publicApi = createApiFor({
  token: () => Promise.resolve(undefined),
  renew: () => Promise.reject(clientError('client.login_failed')),
});

async function loginCode(): Promise<string> {
  if (!canSignIn()) throw clientError('client.open_in_wechat');
  try {
    return await getLoginCode();
  } catch {
    throw clientError('client.login_failed');
  }
}

async function signIn(): Promise<string> {
  const { token } = await publicApi('POST /sessions', { body: { code: await loginCode() } });
  return token;
}

/** The customer's session. */
export const session = createSession({
  stored: phoneStoredValue('liuka.session', isString),
  signedOut: phoneStoredValue('liuka.signed-out', isString),
  signIn,
  signedOutError: () => clientError('client.signed_out'),
});

/** For routes that need the customer's session. */
export const api = createApiFor(session);
