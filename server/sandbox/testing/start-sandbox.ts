import { createSandbox, type SandboxOptions } from '../create-sandbox';

/** A response as received. */
export interface TestResponse {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface TestCard {
  iccid: string;
  accessNumber: string;
  carrier: string;
  carrierCode: string;
}

export interface TestProduct {
  id: string;
  categoryId: string;
  name: string;
  price: string;
  volume: string;
  volumeMb: number;
  type: number;
  months: number;
  effectives: number[];
}

async function readResponse(response: Response): Promise<TestResponse> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body: unknown = isJson ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

function jsonRequest(
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method, headers: { 'content-type': 'application/json', ...headers }, body: text };
}

/** A clock that starts in the middle of a month, so that no month ends during a test. */
function midMonthClock(): () => number {
  const start = performance.now();
  return () => Date.UTC(2026, 4, 12, 3) + Math.round(performance.now() - start);
}

/**
 * Starts a sandbox and a client that has a token. The client returns responses of any status.
 */
export async function startSandbox(options: SandboxOptions = {}) {
  const sandbox = createSandbox({ clock: midMonthClock(), ...options });
  const { url } = await sandbox.listen(0);
  const settings = sandbox.settings();
  let token = '';

  const headers = (): Record<string, string> => ({
    'Ocp-Apim-Subscription-Key': settings.SHINGSOU_SUBSCRIPTION_KEY ?? '',
    Authorization: `Bearer ${token}`,
  });

  async function requestToken(changes: Record<string, string> = {}): Promise<TestResponse> {
    const form = new FormData();
    const fields = {
      grant_type: 'client_credentials',
      client_Id: settings.SHINGSOU_CLIENT_ID ?? '',
      client_secret: settings.SHINGSOU_CLIENT_SECRET ?? '',
      scope: settings.SHINGSOU_SCOPE ?? '',
      ...changes,
    };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return readResponse(await fetch(`${url}/connect/token`, { method: 'POST', body: form }));
  }

  /** Gets a token with the given scope, or with all. */
  async function authorise(scope?: string): Promise<string> {
    const { body } = await requestToken(scope === undefined ? {} : { scope });
    token = (body as { access_token: string }).access_token;
    return token;
  }

  const call = async (path: string, init: RequestInit = {}) =>
    readResponse(await fetch(`${url}${path}`, init));
  const get = (path: string, query: Record<string, string> = {}) =>
    call(`${path}?${String(new URLSearchParams(query))}`, { headers: headers() });
  const post = (path: string, body: unknown) => call(path, jsonRequest('POST', body, headers()));
  const control = (method: 'POST' | 'PUT', path: string, body: unknown) =>
    call(`/sandbox/${path}`, jsonRequest(method, body));

  /** The `data` of an operation that is expected to succeed. */
  async function data<Data>(answer: Promise<TestResponse>): Promise<Data> {
    const { status, body } = await answer;
    if (status !== 200) throw new Error(`refused: ${JSON.stringify(body)}`);
    return (body as { data: Data }).data;
  }

  /** The code and name of an error. */
  async function errorOf(answer: Promise<TestResponse>): Promise<[number, string]> {
    const { status, body } = await answer;
    return [status, String((body as { name?: unknown }).name)];
  }

  async function cards(): Promise<TestCard[]> {
    const { body } = await call('/sandbox/cards');
    return (body as { items: TestCard[] }).items;
  }

  async function now(): Promise<number> {
    const { body } = await call('/sandbox/clock');
    return Date.parse((body as { now: string }).now);
  }

  /** Advances sandbox time; resolves when all due events have run. */
  async function advanceClock(seconds: number): Promise<void> {
    const later = new Date((await now()) + seconds * 1000).toISOString();
    const { status } = await control('PUT', 'clock', { now: later });
    if (status !== 200) throw new Error(`the clock did not move: ${String(status)}`);
  }

  await authorise();
  return {
    url,
    settings,
    requestToken,
    authorise,
    headers,
    call,
    get,
    post,
    control,
    data,
    errorOf,
    cards,
    now,
    advanceClock,
    setFaults: (faults: object) => control('PUT', 'faults', faults),
    products: (cardNo: string) => data<TestProduct[]>(get('/payment/Product', { cardNo })),
    close: () => sandbox.close(),
  };
}

export type TestSandbox = Awaited<ReturnType<typeof startSandbox>>;
