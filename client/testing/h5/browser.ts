import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { findChromium } from '../../../config/chromium';

/** A browser window in which the H5 client is tested. */
export interface Viewport {
  name: string;
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
  /** Device pixels per CSS pixel; 1 by default. */
  deviceScaleFactor?: number;
}

/** The H5 client as its user sees it. */
export interface ClientPage {
  page: Page;
  /** Errors and warnings of the console, and failed requests. */
  browserErrors: string[];
  /** The visible element with this id. Pages under the current one stay in the document. */
  byId(id: string): Locator;
  /** The text field with this id. */
  field(id: string): Locator;
  /** The visible elements whose ids start with `prefix`. */
  byIdPrefix(prefix: string): Locator;
  cashier(): FrameLocator;
  /** Saves a screenshot, and checks that the page does not overflow horizontally. */
  screenshot(name: string): Promise<void>;
  /** Saves a screenshot; resolves to the text of the page and the browser's errors. */
  failureReport(): Promise<string>;
  close(): Promise<void>;
}

const SCREENSHOTS = join(__dirname, '../../../.artifacts/screenshots');

/** @throws Error if no Chromium is installed */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium found: set CHROMIUM_PATH');
  // Chromium's sandbox does not work as root, which continuous integration often uses.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

/** Opens a new window with empty storage. */
export async function openClient(
  browser: Browser,
  baseURL: string,
  viewport: Viewport,
): Promise<ClientPage> {
  const context = await browser.newContext({
    baseURL,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: viewport.width, height: viewport.height },
    colorScheme: viewport.colorScheme,
    deviceScaleFactor: viewport.deviceScaleFactor ?? 1,
    hasTouch: viewport.width < 600,
    // Animations would make screenshots differ between runs.
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const browserErrors = collectBrowserErrors(page);
  const visible = (selector: string) => page.locator(selector).filter({ visible: true });
  return {
    page,
    browserErrors,
    byId: (id) => visible(`[id="${id}"]`),
    field: (id) => visible(`input[id="${id}"], [id="${id}"] input`),
    byIdPrefix: (prefix) => visible(`[id^="${prefix}"]`),
    cashier: () => page.frameLocator('iframe'),
    async screenshot(name) {
      await waitUntilRendered(page);
      await saveScreenshot(page, `${name}-${viewport.name}`);
      await assertNoHorizontalOverflow(page);
    },
    async failureReport() {
      await saveScreenshot(page, `failed-${viewport.name}`);
      const text = await page.locator('body').innerText();
      return `${page.url()} shows: ${text.replaceAll(/\s+/g, ' ')}\n${browserErrors.join('\n')}`;
    },
    close: () => context.close(),
  };
}

/** Waits until no skeleton is shown and the fonts are loaded. */
export async function waitUntilRendered(page: Page): Promise<void> {
  await page
    .locator('.skeleton-block')
    .filter({ visible: true })
    .first()
    .waitFor({ state: 'detached' });
  await page.evaluate(() => document.fonts.ready);
}

function collectBrowserErrors(page: Page): string[] {
  const browserErrors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      browserErrors.push(message.text().slice(0, 300));
  });
  page.on('pageerror', (error) => browserErrors.push(String(error)));
  page.on('requestfailed', (request) => {
    // The app aborts requests when a page is left; that is no error.
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') browserErrors.push(`${request.url()}: ${reason}`);
  });
  return browserErrors;
}

async function saveScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** @throws Error if the page can be scrolled horizontally */
async function assertNoHorizontalOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) throw new Error(`the page is ${overflow} px wider than the window`);
}
