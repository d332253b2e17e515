import type { Warn, WechatPayClient } from './client';
import type { Merchant } from './signatures';
import type { MerchantAccount } from './trades';

/** What the calls about payments and refunds need. */
export interface WechatPayContext {
  client: WechatPayClient;
  account: MerchantAccount;
  merchant: Merchant;
  /** Where WeChat Pay sends its notifications: https, without parameters. */
  notifyUrl: string;
  /** Epoch milliseconds. */
  clock: () => number;
  warn: Warn;
}
