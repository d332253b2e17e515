import { z } from 'zod';

/** The form of an error code (APIv3 接口规则, 错误信息). */
export const errorCode = z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/);

/**
 * Error codes of WeChat Pay v3 after which nothing was done, and their spellings: those in the tables of the
 * operations (JSAPI下单, 查询订单, 关闭订单, 申请退款, 查询单笔退款, 申请交易账单: 错误码), and older ones of v2 that
 * some operations still use.
 */
const spellings = {
  PARAM_ERROR: ['PARAM_ERROR'],
  INVALID_REQUEST: ['INVALID_REQUEST'],
  APPID_MCHID_NOT_MATCH: ['APPID_MCHID_NOT_MATCH'],
  MCH_NOT_EXISTS: ['MCH_NOT_EXISTS', 'MCHID_NOT_EXIST'],
  NO_AUTH: ['NO_AUTH', 'NOAUTH'],
  RULE_LIMIT: ['RULE_LIMIT', 'RULELIMIT'],
  ACCOUNT_ERROR: ['ACCOUNT_ERROR', 'ACCOUNTERROR'],
  OPENID_MISMATCH: ['OPENID_MISMATCH', 'USER_NOT_EXISTS'],
  OUT_TRADE_NO_USED: ['OUT_TRADE_NO_USED'],
  ORDERPAID: ['ORDERPAID', 'ORDER_PAID'],
  ORDER_CLOSED: ['ORDER_CLOSED', 'ORDERCLOSED'],
  ORDER_NOT_EXIST: ['ORDER_NOT_EXIST', 'ORDERNOTEXIST', 'ORDER_NOT_EXISTS'],
  RESOURCE_NOT_EXISTS: ['RESOURCE_NOT_EXISTS', 'RESOURCE_NOT_EXIST', 'REFUNDNOTEXIST'],
  NOT_ENOUGH: ['NOT_ENOUGH', 'NOTENOUGH'],
  USER_ACCOUNT_ABNORMAL: ['USER_ACCOUNT_ABNORMAL'],
  REQUEST_BLOCKED: ['REQUEST_BLOCKED'],
  NO_STATEMENT_EXIST: ['NO_STATEMENT_EXIST'],
  STATEMENT_CREATING: ['STATEMENT_CREATING'],
} as const;

export type RefusalCode = keyof typeof spellings;

const codes: ReadonlyMap<string, RefusalCode> = new Map(
  (Object.keys(spellings) as RefusalCode[]).flatMap((code) =>
    spellings[code].map((spelling) => [spelling, code] as const),
  ),
);

/** The refusal an error code means; undefined if the code is unknown or leaves open what was done. */
export function toRefusalCode(code: string): RefusalCode | undefined {
  return codes.get(code);
}

/** Codes of transient failures: the same request can be retried later. */
export const retryableCodes: readonly string[] = [
  'SYSTEM_ERROR',
  'SYSTEMERROR',
  'BANK_ERROR',
  'FREQUENCY_LIMITED',
  'FREQUENCY_LIMIT',
];
