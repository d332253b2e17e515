import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { findChromium } from '../../../config/chromium';

/** A window the H5 client is looked at in. */
export interface Viewport {
  name: string;
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
}

/** The H5 client as the person before the browser meets it. */
export interface Visit {
  page: Page;
  /** What the console and the network complained of. */
  complaints: string[];
  /** The visible element of that id: pages under the shown one stay in the document. */
  at(id: string): Locator;
  /** The field to type into, of that id. */
  field(id: string): Locator;
  /** Visible elements whose ids begin so. */
  all(prefix: string): Locator;
  cashier(): FrameLocator;
  /** Keeps a picture, and sees to it that nothing sticks out sideways. */
  picture(name: string): Promise<void>;
  /** Keeps a picture of what went wrong, and says what the page shows. */
  evidence(): Promise<string>;
  close(): Promise<void>;
}

const PICTURES = join(__dirname, '../../../.artifacts/screenshots');

/** @throws Error where this machine has no Chromium */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium found: set CHROMIUM_PATH');
  // Chromium's own sandbox refuses to run as root, as continuous integration mostly does.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

/** Opens a window of its own, with an empty storage. */
export async function visit(browser: Browser, baseURL: string, viewport: Viewport): Promise<Visit> {
  const context = await browser.newContext({
    baseURL,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: viewport.width, height: viewport.height },
    colorScheme: viewport.colorScheme,
    hasTouch: viewport.width < 600,
    // Pictures of a half-way animation would differ from run to run.
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  const visible = (selector: string) => page.locator(selector).filter({ visible: true });
  return {
    page,
    complaints,
    at: (id) => visible(`[id="${id}"]`),
    field: (id) => visible(`input[id="${id}"], [id="${id}"] input`),
    all: (prefix) => visible(`[id^="${prefix}"]`),
    cashier: () => page.frameLocator('iframe'),
    async picture(name) {
      // Grey shapes are gone and the fonts are there.
      await visible('.bone').first().waitFor({ state: 'detached' });
      await page.evaluate(() => document.fonts.ready);
      await keepPicture(page, `${name}-${viewport.name}`);
      await refuseOverhang(page);
    },
    async evidence() {
      await keepPicture(page, `failed-${viewport.name}`);
      const text = await page.locator('body').innerText();
      return `${page.url()} shows: ${text.replaceAll(/\s+/g, ' ')}\n${complaints.join('\n')}`;
    },
    close: () => context.close(),
  };
}

function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(message.text().slice(0, 300));
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    // A request the app gave up by itself, on leaving a page, failed nobody.
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`);
  });
  return complaints;
}

async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** @throws Error where the page can be moved sideways */
async function refuseOverhang(page: Page): Promise<void> {
  const overhang = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overhang > 0) throw new Error(`the page is ${overhang} px wider than the window`);
}
