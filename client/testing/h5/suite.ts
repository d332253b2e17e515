import type { Browser } from 'playwright-core';
import { createSandboxClient } from '../sandbox-client';
import { startStack } from '../stack';
import type { Stack } from '../stack';
import { launchBrowser, openClient } from './browser';
import type { Viewport, ClientPage } from './browser';

/** The timeout of a test that uses a browser. */
export const BROWSER_TEST_TIMEOUT_MS = 90_000;

const phone = { width: 375, height: 812 };
const desktop = { width: 1280, height: 900 };

/** The windows in which every page is tested. */
export const viewports = [
  { name: 'phone-light', ...phone, colorScheme: 'light' },
  { name: 'phone-dark', ...phone, colorScheme: 'dark' },
  { name: 'desktop-light', ...desktop, colorScheme: 'light' },
  { name: 'desktop-dark', ...desktop, colorScheme: 'dark' },
] as const satisfies readonly Viewport[];

export interface BrowserSuite {
  stack(): Stack;
  /** The ICCID of an active card that packages can be bought for. */
  demoCard(): string;
  /**
   * Runs `work` in a new window and expects no browser errors. If it fails, the error contains the text of
   * the page.
   */
  withClient(viewport: Viewport, work: (client: ClientPage) => Promise<void>): Promise<void>;
}

/** Starts the simulated platforms, the BFF and a browser for all tests of a file. */
export function browserSuite(): BrowserSuite {
  let stack: Stack;
  let browser: Browser;
  let demoCard = '';

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
    const [card] = await createSandboxClient(stack, fetch).cards();
    demoCard = card?.iccid ?? '';
  }, BROWSER_TEST_TIMEOUT_MS);

  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  return {
    stack: () => stack,
    demoCard: () => demoCard,
    async withClient(viewport, work) {
      const client = await openClient(browser, stack.apiUrl, viewport);
      try {
        await work(client);
      } catch (error) {
        throw new Error(await client.failureReport(), { cause: error });
      } finally {
        await client.close();
      }
      expect(client.browserErrors).toEqual([]);
    },
  };
}
