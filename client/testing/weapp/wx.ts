import type { Stack } from '../stack';
import type { PageStack } from './page-stack';

/** How the user reacts when WeChat asks. */
export interface SimulatedUser {
  /** The user's name at the simulated WeChat. */
  name: string;
  /** What the next scan reads; undefined cancels it. */
  scan?: string;
  /** The action on the payment sheet. */
  payment: 'pay' | 'cancel';
  /** The answer to a modal dialog. */
  modal: 'confirm' | 'cancel';
  /** The functions of `wx` that are refused, with WeChat's reason. */
  refused?: { scanCode?: string; setClipboardData?: string; setStorageSync?: string };
}

/** A request of the app. */
export interface RecordedRequest {
  method: string;
  path: string;
  status?: number;
}

export interface Phone {
  user: SimulatedUser;
  storage: Map<string, string>;
  requests: RecordedRequest[];
}

interface CallbackOptions {
  success?: (result: object) => void;
  fail?: (result: object) => void;
  complete?: (result: object) => void;
}

interface RequestOptions extends CallbackOptions {
  url: string;
  method?: string;
  data?: unknown;
  header?: Record<string, string>;
  timeout?: number;
}

interface StorageOptions extends CallbackOptions {
  key: string;
  data?: unknown;
}

/** The fetch of Node.js, which the mini-program's environment does not have. */
declare const hostFetch: typeof fetch;

/** The BFF's default origin in the build. */
const BUILT_IN_API = 'http://127.0.0.1:3000';

/**
 * The functions of `wx` that a purchase depends on, connected to the running BFF and the simulated WeChat.
 * miniprogram-simulate provides all others.
 */
export function createWx(stack: Stack, pages: PageStack, phone: Phone): object {
  return {
    request: createRequest(stack, phone.requests),
    ...createWeChat(stack, phone.user),
    ...createStorage(phone),
    ...createNavigation(pages),
    showModal: wxAsync('showModal', () => {
      const confirm = phone.user.modal === 'confirm';
      return { confirm, cancel: !confirm };
    }),
    nextTick: (work: () => void) => setTimeout(work, 0),
  };
}

/**
 * A function in WeChat's style: it calls `success` or `fail` and then `complete`. If none of them is given,
 * it returns a promise.
 */
function wxAsync<Given extends CallbackOptions>(
  name: string,
  work: (options: Given) => object | Promise<object>,
): (options: Given) => Promise<object> | undefined {
  return (options) => {
    const outcome = outcomeOf(name, () => work(options));
    if (!options.success && !options.fail && !options.complete) {
      return outcome.then(({ ok, response }) => {
        if (ok) return response;
        throw Object.assign(new Error(response.errMsg), response);
      });
    }
    void outcome.then(({ ok, response }) => {
      invokeCallback(ok ? options.success : options.fail, response);
      invokeCallback(options.complete, response);
    });
    return undefined;
  };
}

async function outcomeOf(name: string, work: () => object | Promise<object>) {
  try {
    return { ok: true, response: { ...(await work()), errMsg: `${name}:ok` } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, response: { errMsg: `${name}:fail ${reason}` } };
  }
}

/** As in WeChat, an error thrown by a callback is logged and does not affect other callbacks. */
function invokeCallback(callback: ((result: object) => void) | undefined, response: object): void {
  setTimeout(() => {
    try {
      callback?.(response);
    } catch (error) {
      console.error(error);
    }
  }, 0);
}

function createRequest({ apiUrl }: Stack, recorded: RecordedRequest[]) {
  return (options: RequestOptions) => {
    let abort: (error: Error) => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = reject;
    });
    const request = wxAsync<RequestOptions>('request', (request) =>
      Promise.race([aborted, send(apiUrl, recorded, request)]),
    );
    void request(options);
    return {
      abort: () => {
        abort(new Error('abort'));
      },
    };
  };
}

async function send(
  apiUrl: string,
  recorded: RecordedRequest[],
  options: RequestOptions,
): Promise<object> {
  const { url, method = 'GET', data, header = {} } = options;
  if (!url.startsWith(BUILT_IN_API)) throw new Error(`url not in domain list: ${url}`);
  const query = method === 'GET' && isRecord(data) ? `?${queryOf(data)}` : '';
  const path = url.slice(BUILT_IN_API.length) + query;
  const request: RecordedRequest = { method, path };
  recorded.push(request);
  const response = await hostFetch(apiUrl + path, {
    method,
    headers: { 'content-type': 'application/json', ...header },
    ...(method !== 'GET' && data !== undefined ? { body: bodyOf(data) } : {}),
  });
  request.status = response.status;
  const text = await response.text();
  return {
    statusCode: response.status,
    header: Object.fromEntries(response.headers.entries()),
    data: parseIfJson(text),
  };
}

function bodyOf(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}

function queryOf(data: Record<string, unknown>): string {
  return Object.entries(data)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
}

/** wx.request parses JSON if possible, and otherwise returns the text. */
function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function assertNotRefused(reason: string | undefined): void {
  if (reason !== undefined) throw new Error(reason);
}

/** Sign-in, scan and payment sheet, connected to the simulated WeChat. */
function createWeChat({ sandboxUrl }: Stack, user: SimulatedUser) {
  const postToSandbox = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await hostFetch(`${sandboxUrl}/sandbox/wechat/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, string>;
  };
  return {
    login: wxAsync('login', () => postToSandbox('login', { user: user.name })),
    checkSession: wxAsync('checkSession', () => ({})),
    setClipboardData: wxAsync('setClipboardData', () => {
      assertNotRefused(user.refused?.setClipboardData);
      return {};
    }),
    scanCode: wxAsync('scanCode', () => {
      assertNotRefused(user.refused?.scanCode);
      if (user.scan === undefined) throw new Error('cancel');
      return { result: user.scan, scanType: 'CODE_128', charSet: 'utf-8', rawData: '' };
    }),
    requestPayment: wxAsync('requestPayment', async (options: CallbackOptions) => {
      const { success, fail, complete, ...parameters } = options;
      const { errMsg = '' } = await postToSandbox('cashier', {
        ...parameters,
        action: user.payment,
      });
      if (errMsg !== 'requestPayment:ok')
        throw new Error(errMsg.replace('requestPayment:fail ', ''));
      return {};
    }),
  };
}

/** Storage that keeps copies, as a phone does, so that a test can close the app and launch it again. */
function createStorage({ storage, user }: Phone) {
  const read = (key: string): unknown => {
    const text = storage.get(key);
    return text === undefined ? '' : (JSON.parse(text) as unknown);
  };
  const write = (key: string, data: unknown) => {
    assertNotRefused(user.refused?.setStorageSync);
    storage.set(key, JSON.stringify(data));
  };
  return {
    getStorageSync: read,
    setStorageSync: write,
    removeStorageSync: (key: string) => void storage.delete(key),
    clearStorageSync: () => {
      storage.clear();
    },
    getStorageInfoSync: () => ({ keys: [...storage.keys()], currentSize: 0, limitSize: 10240 }),
    getStorage: wxAsync('getStorage', ({ key }: StorageOptions) => {
      if (!storage.has(key)) throw new Error('data not found');
      return { data: read(key) };
    }),
    setStorage: wxAsync('setStorage', ({ key, data }: StorageOptions) => {
      write(key, data);
      return {};
    }),
    removeStorage: wxAsync('removeStorage', ({ key }: StorageOptions) => {
      storage.delete(key);
      return {};
    }),
  };
}

interface NavigationOptions extends CallbackOptions {
  url: string;
  delta?: number;
}

function createNavigation(pages: PageStack) {
  const go = (name: 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch') =>
    wxAsync(name, ({ url }: NavigationOptions) => {
      pages[name](url);
      return {};
    });
  return {
    navigateTo: go('navigateTo'),
    redirectTo: go('redirectTo'),
    switchTab: go('switchTab'),
    reLaunch: go('reLaunch'),
    navigateBack: wxAsync('navigateBack', ({ delta }: NavigationOptions) => {
      pages.navigateBack(delta);
      return {};
    }),
  };
}
