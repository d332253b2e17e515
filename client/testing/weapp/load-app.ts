import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

/**
 * WeChat's part in loading a mini-program, for the files `taro build --type weapp` emits. Templates
 * are compiled by WeChat's own compiler and rendered by miniprogram-simulate, which knows components
 * only; so a page is registered as a component, and its lifecycle is driven by the page stack.
 */

/** What a page or the app hands to WeChat: its lifecycle and event handlers, by name. */
export type Handlers = Record<string, unknown>;

/** A node of the tree that miniprogram-simulate renders to. */
export interface TreeNode {
  id?: string;
  childNodes?: TreeNode[];
  shadowRoot?: TreeNode | null;
  /** The element in the document. */
  $$?: HTMLElement;
  /** What the template says of it. */
  _vt?: { attrs: { name: string; value: unknown }[] };
}

/** A page that was made from its component. */
export interface RenderedPage {
  instance: Handlers;
  _exparserNode: TreeNode;
  attach(parent: Node): void;
  detach(): void;
}

/** The event system of that tree. */
export interface TreeEvents {
  create(name: string, detail: unknown, options: object): unknown;
  dispatchEvent(node: TreeNode, event: unknown): void;
}

export interface LoadedApp {
  /** The app's own lifecycle handlers. */
  handlers: Handlers;
  tabs: string[];
  firstPage: string;
  events: TreeEvents;
  /** @throws Error where the app has no such page */
  createPage(route: string): RenderedPage;
}

interface Manifest {
  pages: string[];
  subPackages?: { root: string; pages: string[] }[];
  tabBar?: { list: { pagePath: string }[] };
}

interface Simulate {
  load(path: string, options: object): string;
}

interface JComponent {
  register(definition: { path?: string }): string;
  create(id: string): RenderedPage;
}

/** Looks up at every call, so that a reset of Jest's module registry has its effect. */
const requireFresh = createRequire(__filename);

/**
 * Runs the app's script and registers all its pages. `wx` has to be in place.
 *
 * @param dist the folder that would be uploaded to WeChat
 */
export function loadApp(dist: string): LoadedApp {
  const manifest = JSON.parse(readFileSync(join(dist, 'app.json'), 'utf8')) as Manifest;
  const fromSimulate = createRequire(requireFresh.resolve('miniprogram-simulate'));
  const jComponent = fromSimulate('j-component') as JComponent;
  const { Event: events } = fromSimulate('miniprogram-exparser') as { Event: TreeEvents };

  // First of all: it fills `wx` with whatever the harness did not put there.
  const simulate = requireFresh('miniprogram-simulate') as Simulate;
  const handlers = runAppScript(dist);
  const ids = registerPages(dist, pagesOf(manifest), simulate, jComponent);
  return {
    handlers,
    events,
    tabs: (manifest.tabBar?.list ?? []).map(({ pagePath }) => pagePath),
    firstPage: manifest.pages[0] ?? '',
    createPage(route) {
      const id = ids.get(route);
      if (id === undefined) throw new Error(`the app has no page ${route}`);
      return jComponent.create(id);
    },
  };
}

function runAppScript(dist: string): Handlers {
  let app: Handlers = {};
  const globals = {
    App: (handlers: Handlers) => {
      app = handlers;
    },
    getApp: () => app,
    Page: registerPage,
  };
  Object.assign(globalThis, globals);
  requireFresh(join(dist, 'app.js'));
  return app;
}

/** miniprogram-simulate puts `Component` in place. */
declare const Component: (definition: object) => void;

function registerPage(page: Handlers): void {
  const methods = Object.entries(page).filter(([, value]) => typeof value === 'function');
  Component({ data: page.data, methods: Object.fromEntries(methods) });
}

function pagesOf({ pages, subPackages = [] }: Manifest): string[] {
  return [
    ...pages,
    ...subPackages.flatMap((part) => part.pages.map((page) => join(part.root, page))),
  ];
}

/**
 * Registers every page in one go, as parts of the first: webpack runs a module once, so a second load
 * would find Taro's recursive component used up.
 *
 * @returns the id to create a page by, by its path
 */
function registerPages(
  dist: string,
  pages: string[],
  simulate: Simulate,
  jComponent: JComponent,
): Map<string, string> {
  const ids = new Map<string, string>();
  const register = jComponent.register.bind(jComponent);
  jComponent.register = (definition) => {
    const id = register(definition);
    if (definition.path !== undefined) ids.set(relative(dist, definition.path), id);
    return id;
  };
  const usingComponents = Object.fromEntries(pages.map((page, n) => [`page-${n}`, `/${page}`]));
  simulate.load(join(dist, pages[0] ?? ''), {
    compiler: 'official',
    rootPath: dist,
    usingComponents,
  });
  jComponent.register = register;
  return ids;
}
