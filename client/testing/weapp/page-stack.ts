import { posix } from 'node:path';
import type { RenderedPage } from './load-app';

/** A page on the stack. */
export interface OpenPage {
  route: string;
  view: RenderedPage;
  container: HTMLElement;
}

/** WeChat's page stack: at most ten pages; tab pages stay alive and are opened only by switchTab. */
export interface PageStack {
  /** From the lowest to the current page. */
  pages(): readonly OpenPage[];
  navigateTo(url: string): void;
  redirectTo(url: string): void;
  switchTab(url: string): void;
  reLaunch(url: string): void;
  navigateBack(delta?: number): void;
  /** Unloads every page. */
  clear(): void;
}

interface PageStackOptions {
  createPage(route: string): RenderedPage;
  isTab(route: string): boolean;
}

const MAX_DEPTH = 10;

/** @returns an empty stack; `reLaunch` opens the first page. */
export function createPageStack({ createPage, isTab }: PageStackOptions): PageStack {
  const stack: OpenPage[] = [];
  const tabs = new Map<string, OpenPage>();

  const shown = () => stack.at(-1);
  const resolveUrl = (url: string) => parseUrl(url, shown()?.route ?? '');

  const push = (url: string) => {
    const { route, options } = resolveUrl(url);
    const existing = tabs.get(route);
    const page = existing ?? open(createPage(route), route, options);
    if (isTab(route)) tabs.set(route, page);
    stack.push(page);
    show(page);
    if (existing === undefined) call(page, 'onReady');
  };

  const pop = () => {
    const page = stack.pop();
    if (page !== undefined && !tabs.has(page.route)) unload(page);
  };

  const popAll = () => {
    while (stack.length > 0) pop();
  };

  const hideShown = () => {
    const page = shown();
    if (page !== undefined) hide(page);
  };

  return {
    pages: () => stack,
    navigateTo(url) {
      if (isTab(resolveUrl(url).route)) throw new Error('can not navigateTo a tabbar page');
      if (stack.length >= MAX_DEPTH) throw new Error('webview count limit exceed');
      hideShown();
      push(url);
    },
    redirectTo(url) {
      if (isTab(resolveUrl(url).route)) throw new Error('can not redirectTo a tabbar page');
      hideShown();
      pop();
      push(url);
    },
    switchTab(url) {
      const { route, options } = resolveUrl(url);
      if (!isTab(route)) throw new Error('can not switch to no-tabBar page');
      if (Object.keys(options).length > 0) throw new Error('switchTab takes no parameters');
      hideShown();
      popAll();
      push(url);
    },
    reLaunch(url) {
      const address = resolveUrl(url);
      popAll();
      for (const page of tabs.values()) unload(page);
      tabs.clear();
      push(`/${address.route}${url.includes('?') ? url.slice(url.indexOf('?')) : ''}`);
    },
    navigateBack(delta = 1) {
      if (stack.length < 2) throw new Error('cannot navigate back at first page');
      hideShown();
      for (let left = Math.min(delta, stack.length - 1); left > 0; left -= 1) pop();
      const page = shown();
      if (page !== undefined) show(page);
    },
    clear() {
      popAll();
      for (const page of tabs.values()) unload(page);
      tabs.clear();
    },
  };
}

function open(view: RenderedPage, route: string, options: Record<string, string>): OpenPage {
  const container = document.createElement('div');
  document.body.append(container);
  Object.assign(view.instance, { route, options, is: route });
  const page = { route, view, container };
  call(page, 'onLoad', options);
  view.attach(container);
  return page;
}

function show(page: OpenPage): void {
  page.container.hidden = false;
  call(page, 'onShow');
}

function hide(page: OpenPage): void {
  page.container.hidden = true;
  call(page, 'onHide');
}

function unload(page: OpenPage): void {
  call(page, 'onUnload');
  page.view.detach();
  page.container.remove();
}

function call({ view }: OpenPage, handler: string, argument?: unknown): void {
  const method = view.instance[handler];
  if (typeof method === 'function') method.call(view.instance, argument);
}

/** As in WeChat, parameters are not decoded. */
function parseUrl(url: string, from: string): { route: string; options: Record<string, string> } {
  const [path = '', query = ''] = url.split('?', 2);
  const route = posix.join('/', path.startsWith('/') ? '' : posix.dirname(from), path).slice(1);
  const options: Record<string, string> = {};
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const equals = pair.indexOf('=');
    if (equals < 0) options[pair] = '';
    else options[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return { route, options };
}
