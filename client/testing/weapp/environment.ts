import { TestEnvironment } from 'jest-environment-jsdom';

/** Globals that browsers have and WeChat's runtime does not. They are removed, so that using one fails. */
const NOT_IN_WECHAT = [
  'AbortController',
  'AbortSignal',
  'Headers',
  'Request',
  'Response',
  'URL',
  'URLSearchParams',
  'XMLHttpRequest',
  'crypto',
  'localStorage',
  'sessionStorage',
  'structuredClone',
  'requestIdleCallback',
] as const;

/**
 * The environment in which the built mini-program runs. `hostFetch` is for the test harness only; it
 * reaches the BFF and the simulated platforms.
 */
export default class WeappEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    for (const name of NOT_IN_WECHAT) Reflect.deleteProperty(this.global, name);
    Object.assign(this.global, { hostFetch: fetch });
  }
}
