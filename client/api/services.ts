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

/** Composition root: what the pages are given to talk to the BFF with. */

function clientError(code: ClientErrorCode): ApiError {
  return new ApiError({ code, status: 0, ...currentTexts().errors[code] });
}

/** Makes a call function for whoever the credentials stand for. */
export function createApiFor(credentials: Credentials) {
  return createApi({
    transport: taroTransport,
    origin: apiOrigin,
    credentials,
    language: currentLanguage,
    describeError: (code) => currentTexts().errors[code],
  });
}

/** Calls anyone may make. */
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

/** Calls made for the customer. */
export const api = createApiFor(session);
