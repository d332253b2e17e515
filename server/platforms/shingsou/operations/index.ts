import { alipayAccounts } from './alipay-accounts';
import { alipayPayments } from './alipay-payments';
import { dataCardOperations } from './data-cards';
import { flowCardChanges } from './flow-card-changes';
import { flowCardQueries } from './flow-card-queries';
import type { Operation } from './operation';
import { orderOperations } from './orders';
import { wechatPayAccounts } from './wechatpay-accounts';
import { wechatPayPayments } from './wechatpay-payments';
import { wechatPayTrades } from './wechatpay-trades';

/**
 * All operations in 旭宇 IOT's access document: services 2 (物联卡), 3 (支付网关) and 4 (支付网关v2). If the real
 * platform differs, correct this table.
 *
 * ASSUMED for all: an answer is `{code, name, description, data}` with code 200 for success, as the
 * document's error tables (错误码表) suggest.
 */
export const operations = {
  ...dataCardOperations,
  ...flowCardQueries,
  ...flowCardChanges,
  ...orderOperations,
  ...alipayPayments,
  ...alipayAccounts,
  ...wechatPayPayments,
  ...wechatPayTrades,
  ...wechatPayAccounts,
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** Header names of the gateway (FOUND: developer portal, operation pages). */
export const gatewayHeaders = {
  subscriptionKey: 'ocp-apim-subscription-key',
  authorization: 'authorization',
} as const;

export { describeError, envelope, refusalNames } from './errors';
export type { RefusalName } from './errors';
export type { Operation } from './operation';
