import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../stack';
import { loadApp } from './load-app';
import type { LoadedApp, TreeNode } from './load-app';
import { PageStack } from './page-stack';
import { createWx } from './wx';
import type { RecordedRequest, SimulatedUser, Phone } from './wx';

/** The mini-program as its user sees it. */
export interface MiniProgram {
  user: SimulatedUser;
  /** All requests of the app since its launch. */
  requests: RecordedRequest[];
  /** The path of the current page. */
  route(): string;
  /** The text of the current page or of one of its elements; undefined if there is no such element. */
  text(id?: string): string | undefined;
  /** The ids on the current page that start with `prefix`, in document order. */
  ids(prefix: string): string[];
  /** Waits for the element and taps it. @throws Error if it does not appear or is disabled */
  tap(id: string): Promise<void>;
  /** Waits for the field and enters text. */
  type(id: string, text: string): Promise<void>;
  /** Taps an item of the tab bar. */
  openTab(route: string): void;
  back(): void;
  /** Waits until the condition holds. @throws Error with the text of the page after the timeout */
  waitUntil(what: string, condition: () => boolean, milliseconds?: number): Promise<void>;
  /** Closes the app; the phone's storage is kept. */
  close(): void;
}

const DIST = join(__dirname, '../../../dist/weapp');
const DEFAULT_TIMEOUT_MS = 8000;
const POLL_MS = 20;

/** A phone with empty storage. */
export function createPhone(name: string): Phone {
  return {
    user: { name, payment: 'pay', modal: 'confirm' },
    storage: new Map(),
    requests: [],
  };
}

/**
 * Launches the built mini-program.
 *
 * @param url the page to open and its parameters, as from a QR code; by default the first page
 */
export function openMiniProgram(stack: Stack, phone: Phone, url?: string): MiniProgram {
  if (!existsSync(join(DIST, 'app.js')))
    throw new Error('dist/weapp is missing: npm run build:weapp');
  // Like WeChat, every launch runs the scripts again.
  jest.resetModules();
  phone.requests.length = 0;

  const loaded: { app?: LoadedApp } = {};
  const app = () => {
    if (loaded.app === undefined) throw new Error('the app is not loaded yet');
    return loaded.app;
  };
  const pages = new PageStack({
    createPage: (route) => app().createPage(route),
    isTab: (route) => app().tabs.includes(route),
  });
  Object.assign(globalThis, {
    wx: createWx(stack, pages, phone),
    getCurrentPages: () => pages.pages().map(({ view }) => view.instance),
  });
  loaded.app = loadApp(DIST);
  launch(loaded.app, pages, url ?? `/${loaded.app.firstPage}`);
  return createMiniProgram(loaded.app, pages, phone);
}

function launch(app: LoadedApp, pages: PageStack, url: string): void {
  const [path = ''] = url.slice(1).split('?');
  const launchOptions = { path, query: {}, scene: 1001, shareTicket: '', referrerInfo: {} };
  callApp(app, 'onLaunch', launchOptions);
  callApp(app, 'onShow', launchOptions);
  pages.reLaunch(url);
}

function callApp({ handlers }: LoadedApp, name: string, argument?: unknown): void {
  const handler = handlers[name];
  if (typeof handler === 'function') handler.call(handlers, argument);
}

function createMiniProgram(app: LoadedApp, pages: PageStack, phone: Phone): MiniProgram {
  const shown = () => pages.pages().at(-1);
  const nodes = () => {
    const page = shown();
    return page === undefined ? [] : [...walk(page.view._exparserNode)];
  };
  const find = (id: string) => nodes().find((node) => node.id === id);
  const pageText = () => shown()?.container.textContent ?? '';

  const waitUntil: MiniProgram['waitUntil'] = async (
    what,
    condition,
    milliseconds = DEFAULT_TIMEOUT_MS,
  ) => {
    const deadline = Date.now() + milliseconds;
    while (!condition()) {
      if (Date.now() > deadline) {
        throw new Error(`no ${what} on ${shown()?.route ?? 'no page'}, which shows: ${pageText()}`);
      }
      await sleep(POLL_MS);
    }
  };

  const dispatch = async (id: string, event: string, detail: object) => {
    await waitUntil(`#${id}`, () => find(id) !== undefined);
    const node = find(id);
    if (node === undefined) throw new Error(`#${id} went away`);
    if (isDisabled(node)) throw new Error(`#${id} is disabled`);
    const options = { bubbles: true, capturePhase: true, composed: true };
    app.events.dispatchEvent(node, app.events.create(event, detail, options));
    await sleep(0);
  };

  return {
    user: phone.user,
    requests: phone.requests,
    route: () => shown()?.route ?? '',
    text: (id) => (id === undefined ? pageText() : (find(id)?.$$?.textContent ?? undefined)),
    ids: (prefix) =>
      nodes()
        .map(({ id = '' }) => id)
        .filter((id) => id.startsWith(prefix)),
    tap: (id) => dispatch(id, 'tap', { x: 0, y: 0 }),
    type: async (id, text) => {
      await dispatch(id, 'input', { value: text, cursor: text.length });
      await dispatch(id, 'blur', { value: text });
    },
    openTab: (route) => {
      pages.switchTab(`/${route}`);
    },
    back: () => {
      pages.navigateBack();
    },
    waitUntil,
    close: () => {
      pages.clear();
      callApp(app, 'onHide');
    },
  };
}

function* walk(node: TreeNode): Generator<TreeNode> {
  yield node;
  if (node.shadowRoot) yield* walk(node.shadowRoot);
  for (const child of node.childNodes ?? []) yield* walk(child);
}

/** A disabled button has an attribute; a view with a button's role has an ARIA attribute. */
function isDisabled({ _vt }: TreeNode): boolean {
  return (_vt?.attrs ?? []).some(
    ({ name, value }) =>
      (name === 'disabled' && value === true) ||
      (name === 'aria-disabled' && String(value) === 'true'),
  );
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
