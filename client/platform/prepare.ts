import type { PreparePlatform } from './ports';

/** WeChat needs no preparation. */
export const preparePlatform: PreparePlatform = () => undefined;

/** The origin of the BFF. It is absolute because pages of a mini-program have no origin. */
export const apiOrigin = process.env.TARO_APP_API_URL || 'http://127.0.0.1:3000';
