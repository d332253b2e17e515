import type { PreparePlatform } from './ports';

/** WeChat needs nothing prepared. */
export const preparePlatform: PreparePlatform = () => undefined;

/** Where the BFF is: an origin, as WeChat knows no page to be relative to. */
export const apiOrigin = process.env.TARO_APP_API_URL || 'http://127.0.0.1:3000';
