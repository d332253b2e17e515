import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

/**
 * Loads the output of `taro build --type weapp` as WeChat does. Templates are compiled by WeChat's own
 * compiler and rendered by miniprogram-simulate. That supports only components, so pages are registered as
 * components, and the page stack calls their lifecycle handlers.
 */

/** The lifecycle and event handlers of a page or of the app, by name. */
type Handlers = Record<string, unknown>;

/** A node of the tree that miniprogram-simulate renders. */
export interface TreeNode {
  id?: string;
  childNodes?: TreeNode[];
  shadowRoot?: TreeNode | null;
  /** The element in the document. */
  $$?: HTMLElement;
  /** The attributes in the template. */
  _vt?: { attrs: { name: string; value: unknown }[] };
}

/** A page that was created from its component. */
export interface RenderedPage {
  instance: Handlers;
  _exparserNode: TreeNode;
  attach(parent: Node): void;
  detach(): void;
}

/** The event system of that tree. */
interface TreeEvents {
  create(name: string, detail: unknown, options: object): unknown;
  dispatchEvent(node: TreeNode, event: unknown): void;
}

export interface LoadedApp {
  /** The app's own lifecycle handlers. */
  handlers: Handlers;
  tabs: string[];
  firstPage: string;
  events: TreeEvents;
  /** @throws Error if the app has no such page */
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

/** Resolves modules on every call, so that resetting Jest's module registry takes effect. */
const requireFresh = createRequire(__filename);

/**
 * Runs the app's script and registers all its pages. The global `wx` must be set before.
 *
 * @param dist the folder that is uploaded to WeChat
 */
export function loadApp(dist: string): LoadedApp {
  const manifest = JSON.parse(readFileSync(join(dist, 'app.json'), 'utf8')) as Manifest;
  const fromSimulate = createRequire(requireFresh.resolve('miniprogram-simulate'));
  const jComponent = fromSimulate('j-component') as JComponent;
  const { Event: events } = fromSimulate('miniprogram-exparser') as { Event: TreeEvents };

  // Must come first: it adds to `wx` the functions that the harness does not provide.
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

/** Set by miniprogram-simulate. */
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
 * Registers all pages in one load, as components of the first page. Webpack runs a module only once, so
 * Taro's recursive component could not be registered by a second load.
 *
 * @returns the component ids of the pages, by path
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
