import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Middleware } from 'koa';
import serveStatic from 'koa-static';

const HASHED_FILE_NAME = /[.-][0-9a-f]{8,}\.\w+(?:\.gz)?$/;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

export interface ClientFiles {
  middleware: Middleware;
  /** CSP sources (hashes) of the inline scripts in index.html. */
  inlineScripts: string[];
}

/** The H5 client's index page; it contains the origin of the simulated WeChat, if any. */
function renderIndex(html: string, demoWechatUrl: string | undefined): string {
  if (demoWechatUrl === undefined) return html;
  const { origin } = new URL(demoWechatUrl);
  return html.replace('<head>', `<head><meta name="liuka-demo-wechat" content="${origin}">`);
}

function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code = '']) => {
    const hash = createHash('sha256').update(code).digest('base64');
    return `'sha256-${hash}'`;
  });
}

/**
 * Serves the built H5 client. Paths of its pages, which the client routes itself, get the index page.
 * Files with a hash in their name never change, so browsers may cache them for a year.
 * @param folder the folder of the build; if it has no index page, nothing is served
 * @param demoWechatUrl the URL of the simulated WeChat, if any
 */
export function createClientFiles(folder: string, demoWechatUrl: string | undefined): ClientFiles {
  const indexPath = join(folder, 'index.html');
  if (!existsSync(indexPath)) {
    return { middleware: (_ctx, next) => next(), inlineScripts: [] };
  }
  const index = renderIndex(readFileSync(indexPath, 'utf8'), demoWechatUrl);
  const files = serveStatic(folder, {
    index: false,
    gzip: true,
    brotli: false,
    setHeaders: (response, path) => {
      const age = HASHED_FILE_NAME.test(path)
        ? `public, max-age=${String(YEAR_SECONDS)}, immutable`
        : 'no-cache';
      response.setHeader('Cache-Control', age);
    },
  });

  const middleware: Middleware = async (ctx, next) => {
    await next();
    const wantsPage = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (ctx.status !== 404 || !wantsPage || ctx.path.startsWith('/api/')) return;
    if (ctx.path !== '/' && ctx.path !== '/index.html') {
      await files(ctx, () => Promise.resolve());
      if (ctx.body != null || ctx.path.includes('.')) return;
    }
    ctx.status = 200;
    ctx.type = 'html';
    ctx.set('Cache-Control', 'no-cache');
    ctx.body = index;
  };
  return { middleware, inlineScripts: inlineScriptHashes(index) };
}
