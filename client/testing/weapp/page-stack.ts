import { posix } from 'node:path';
import type { RenderedPage } from './load-app';

/** A page on the stack. */
export interface OpenPage {
  route: string;
  view: RenderedPage;
  container: HTMLElement;
}

interface PageStackOptions {
  createPage(route: string): RenderedPage;
  isTab(route: string): boolean;
}

const MAX_DEPTH = 10;

/** WeChat's page stack: at most ten pages; tab pages stay alive and are opened only by switchTab. */
export class PageStack {
  private readonly stack: OpenPage[] = [];
  private readonly tabs = new Map<string, OpenPage>();

  /** The stack is empty; `reLaunch` opens the first page. */
  constructor(private readonly options: PageStackOptions) {}

  /** From the lowest to the current page. */
  pages(): readonly OpenPage[] {
    return this.stack;
  }

  navigateTo(url: string): void {
    if (this.isTab(url)) throw new Error('can not navigateTo a tabbar page');
    if (this.stack.length >= MAX_DEPTH) throw new Error('webview count limit exceed');
    this.hideCurrent();
    this.push(url);
  }

  redirectTo(url: string): void {
    if (this.isTab(url)) throw new Error('can not redirectTo a tabbar page');
    this.hideCurrent();
    this.pop();
    this.push(url);
  }

  switchTab(url: string): void {
    if (!this.isTab(url)) throw new Error('can not switch to no-tabBar page');
    if (Object.keys(this.resolve(url).options).length > 0)
      throw new Error('switchTab takes no parameters');
    this.hideCurrent();
    this.popAll();
    this.push(url);
  }

  reLaunch(url: string): void {
    const { route } = this.resolve(url);
    this.clear();
    this.push(`/${route}${url.includes('?') ? url.slice(url.indexOf('?')) : ''}`);
  }

  navigateBack(delta = 1): void {
    if (this.stack.length < 2) throw new Error('cannot navigate back at first page');
    this.hideCurrent();
    for (let left = Math.min(delta, this.stack.length - 1); left > 0; left -= 1) this.pop();
    const page = this.current();
    if (page !== undefined) show(page);
  }

  /** Unloads every page. */
  clear(): void {
    this.popAll();
    for (const page of this.tabs.values()) unload(page);
    this.tabs.clear();
  }

  private current(): OpenPage | undefined {
    return this.stack.at(-1);
  }

  private resolve(url: string): ReturnType<typeof parseUrl> {
    return parseUrl(url, this.current()?.route ?? '');
  }

  private isTab(url: string): boolean {
    return this.options.isTab(this.resolve(url).route);
  }

  private push(url: string): void {
    const { route, options } = this.resolve(url);
    const existing = this.tabs.get(route);
    const page = existing ?? open(this.options.createPage(route), route, options);
    if (this.options.isTab(route)) this.tabs.set(route, page);
    this.stack.push(page);
    show(page);
    if (existing === undefined) call(page, 'onReady');
  }

  private pop(): void {
    const page = this.stack.pop();
    if (page !== undefined && !this.tabs.has(page.route)) unload(page);
  }

  private popAll(): void {
    while (this.stack.length > 0) this.pop();
  }

  private hideCurrent(): void {
    const page = this.current();
    if (page !== undefined) hide(page);
  }
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
