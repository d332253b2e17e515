import { z } from 'zod';

/** The envelope around every answer (ASSUMED, from 错误码表). */
export const envelope = z.object({
  code: z.int(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  data: z.unknown().optional(),
});

/** @internal Exported for tests. */
export interface ErrorCode {
  readonly code: number;
  readonly name: string;
  readonly description: string;
}

/** The error codes of 流量卡 and 充值卡, whose separate tables are identical. */
const cardErrors = [
  { code: 10000, name: 'Transfer_ConsigneeIsNotExists', description: '接收人账户不存在' },
  { code: 10001, name: 'Transfer_CardIDCanNotBeLessThanOne', description: '卡号不能少于1个' },
  {
    code: 10002,
    name: 'Generate_ExptimeNeedGreaterThanNow',
    description: '到期时间必须大于当前时间',
  },
  {
    code: 10003,
    name: 'Generate_MaximumOf99999999CardsPerDay',
    description: '每天最多生成99,999,999张卡',
  },
] as const satisfies readonly ErrorCode[];

/**
 * The complete tables of the access document (错误码表: 全局, 流量卡, 充值卡).
 * @internal Exported for tests.
 */
export const errorTables = {
  global: [
    { code: 200, name: 'Status200OK', description: 'ok' },
    { code: 422, name: 'UnprocessableEntity', description: '请求实体错误' },
    { code: 417, name: 'ExpectationFailed', description: '服务器内部错误' },
    { code: 404, name: 'NotFound', description: '未找到内容' },
  ],
  flowCard: cardErrors,
  dataCard: cardErrors,
} as const satisfies Record<string, readonly ErrorCode[]>;

/**
 * WeChat Pay's error codes (API v2, 错误码 of each interface) and those of WeChat's login, which the gateway is
 * ASSUMED to pass on as `name` with code 422. SYSTEMERROR and similar codes are left out on purpose, because
 * the outcome of such a call is unknown.
 */
const wechatRefusals = [
  'ORDERPAID',
  'ORDERCLOSED',
  'ORDERNOTEXIST',
  'OUT_TRADE_NO_USED',
  'INVALID_REQUEST',
  'PARAM_ERROR',
  'NOTENOUGH',
  'REFUNDNOTEXIST',
  'AUTH_CODE_INVALID',
  'AUTHCODEEXPIRE',
  'NAME_MISMATCH',
  'AMOUNT_LIMIT',
  'NOT_FOUND',
  'NO_STATEMENT_EXIST',
  'INVALID_CODE',
  'CODE_BLOCKED',
] as const;

/** Alipay's error codes (公共错误码 and 业务错误码 of each interface), ASSUMED to be passed on in the same way. */
const alipayRefusals = [
  'ACQ.TRADE_NOT_EXIST',
  'ACQ.TRADE_HAS_SUCCESS',
  'ACQ.TRADE_HAS_CLOSE',
  'ACQ.TRADE_STATUS_ERROR',
  'ACQ.CONTEXT_INCONSISTENT',
  'ACQ.INVALID_PARAMETER',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  'ACQ.DISCORDANT_REPEAT_REQUEST',
  'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  'ACQ.PAYMENT_AUTH_CODE_INVALID',
  'PAYEE_NOT_EXIST',
  'PAYER_BALANCE_NOT_ENOUGH',
  'ORDER_NOT_EXIST',
  'BILL_NOT_EXIST',
] as const;

/**
 * Refusals, by the envelope's `name`. Only names listed here are refusals. `ExpectationFailed` (417) is not:
 * the table describes it as 服务器内部错误, so the outcome of the call is unknown.
 */
export const refusalNames = [
  'NotFound',
  'UnprocessableEntity',
  'Transfer_ConsigneeIsNotExists',
  'Transfer_CardIDCanNotBeLessThanOne',
  'Generate_ExptimeNeedGreaterThanNow',
  'Generate_MaximumOf99999999CardsPerDay',
  ...wechatRefusals,
  ...alipayRefusals,
] as const;
export type RefusalName = (typeof refusalNames)[number];

const descriptions: ReadonlyMap<string, string> = new Map(
  Object.values(errorTables).flatMap((table) =>
    table.map(({ name, description }) => [name, description] as const),
  ),
);

/** The description of a name in the document's tables; the name itself if it is not listed. */
export function describeError(name: string): string {
  return descriptions.get(name) ?? name;
}
