import type { Stack } from '../stack';
import type { PageStack } from './page-stack';

/** What the person in front of the phone does when WeChat asks. */
export interface Person {
  /** Their name at the simulated WeChat. */
  name: string;
  /** What the camera reads next; undefined closes it. */
  scan?: string;
  /** What they do on the payment sheet. */
  payment: 'pay' | 'cancel';
  /** What they answer a question with. */
  modal: 'confirm' | 'cancel';
}

/** A request the app made. */
export interface RecordedRequest {
  method: string;
  path: string;
  status?: number;
}

export interface Phone {
  person: Person;
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

/** The host's fetch: the window of a mini-program has none. */
declare const hostFetch: typeof fetch;

/** Where the app looks for the BFF unless it was built for another one. */
const BUILT_IN_API = 'http://127.0.0.1:3000';

/**
 * The functions of `wx` the app's job depends on, bridged to the running BFF and the simulated WeChat.
 * Whatever is not here is miniprogram-simulate's own.
 */
export function createWx(stack: Stack, pages: PageStack, phone: Phone): object {
  return {
    request: createRequest(stack, phone.requests),
    ...createWeChat(stack, phone.person),
    ...createStorage(phone.storage),
    ...createNavigation(pages),
    showModal: wxAsync('showModal', () => {
      const confirm = phone.person.modal === 'confirm';
      return { confirm, cancel: !confirm };
    }),
    nextTick: (work: () => void) => setTimeout(work, 0),
  };
}

/**
 * A function in WeChat's style: the outcome goes to `success` or `fail`, and then to `complete`; where
 * none of them is given, it is a promise.
 */
function wxAsync<Given extends CallbackOptions>(
  name: string,
  work: (options: Given) => object | Promise<object>,
): (options: Given) => Promise<object> | undefined {
  return (options) => {
    const outcome = outcomeOf(name, () => work(options));
    if (!options.success && !options.fail && !options.complete) {
      return outcome.then(({ ok, answer }) => {
        if (ok) return answer;
        throw Object.assign(new Error(answer.errMsg), answer);
      });
    }
    void outcome.then(({ ok, answer }) => {
      invokeCallback(ok ? options.success : options.fail, answer);
      invokeCallback(options.complete, answer);
    });
    return undefined;
  };
}

async function outcomeOf(name: string, work: () => object | Promise<object>) {
  try {
    return { ok: true, answer: { ...(await work()), errMsg: `${name}:ok` } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, answer: { errMsg: `${name}:fail ${reason}` } };
  }
}

/** As in WeChat, what a callback throws goes to the console and reaches no other callback. */
function invokeCallback(callback: ((result: object) => void) | undefined, answer: object): void {
  setTimeout(() => {
    try {
      callback?.(answer);
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
  const answer = await hostFetch(apiUrl + path, {
    method,
    headers: { 'content-type': 'application/json', ...header },
    ...(method !== 'GET' && data !== undefined ? { body: bodyOf(data) } : {}),
  });
  request.status = answer.status;
  const text = await answer.text();
  return {
    statusCode: answer.status,
    header: Object.fromEntries(answer.headers.entries()),
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

/** wx.request reads JSON where it can and hands over the text where it can't. */
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

/** Sign-in, camera and payment sheet: the simulated WeChat answers, the person decides. */
function createWeChat({ sandboxUrl }: Stack, person: Person) {
  const postToSandbox = async (path: string, body: object): Promise<Record<string, string>> => {
    const answer = await hostFetch(`${sandboxUrl}/sandbox/wechat/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, string>;
  };
  return {
    login: wxAsync('login', () => postToSandbox('login', { user: person.name })),
    checkSession: wxAsync('checkSession', () => ({})),
    scanCode: wxAsync('scanCode', () => {
      if (person.scan === undefined) throw new Error('cancel');
      return { result: person.scan, scanType: 'CODE_128', charSet: 'utf-8', rawData: '' };
    }),
    requestPayment: wxAsync('requestPayment', async (options: CallbackOptions) => {
      const { success, fail, complete, ...parameters } = options;
      const { errMsg = '' } = await postToSandbox('cashier', {
        ...parameters,
        action: person.payment,
      });
      if (errMsg !== 'requestPayment:ok')
        throw new Error(errMsg.replace('requestPayment:fail ', ''));
      return {};
    }),
  };
}

/** Storage keeps copies, as a phone does; so a test can close the app and open it again. */
function createStorage(storage: Map<string, string>) {
  const read = (key: string): unknown => {
    const text = storage.get(key);
    return text === undefined ? '' : (JSON.parse(text) as unknown);
  };
  const write = (key: string, data: unknown) => storage.set(key, JSON.stringify(data));
  return {
    getStorageSync: read,
    setStorageSync: (key: string, data: unknown) => void write(key, data),
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
