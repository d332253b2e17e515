/**
 * Error codes of WeChat Pay v3 that say that nothing was done, and under which spellings they come: the
 * tables of the operations (JSAPI下单, 查询订单, 关闭订单, 申请退款, 查询单笔退款, 申请交易账单: 错误码), and the older
 * spellings of v2 that some operations still use.
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

/** The refusal behind an error code; undefined for codes that leave open what was done, or are not known. */
export function toRefusalCode(code: string): RefusalCode | undefined {
  return codes.get(code);
}

/** Codes after which the same request is simply sent later. */
export const retryableCodes: readonly string[] = [
  'SYSTEM_ERROR',
  'SYSTEMERROR',
  'BANK_ERROR',
  'FREQUENCY_LIMITED',
  'FREQUENCY_LIMIT',
];
