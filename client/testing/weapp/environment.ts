import { TestEnvironment } from 'jest-environment-jsdom';

/** What a browser has and WeChat's runtime has not: an app that counts on one of these must fail here. */
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
 * The window in which the built mini-program runs. The harness, not the app, reaches the real
 * servers through `hostFetch`.
 */
export default class WeappEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    for (const name of NOT_IN_WECHAT) Reflect.deleteProperty(this.global, name);
    Object.assign(this.global, { hostFetch: fetch });
  }
}
