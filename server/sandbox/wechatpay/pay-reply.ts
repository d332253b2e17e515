/** Codes of WeChat Pay's API v3 with their HTTP statuses, as the error tables of its interfaces list them. */
const statuses = {
  PARAM_ERROR: 400,
  INVALID_REQUEST: 400,
  APPID_MCHID_NOT_MATCH: 400,
  MCH_NOT_EXISTS: 400,
  ORDERPAID: 400,
  ORDER_CLOSED: 400,
  NO_STATEMENT_EXIST: 400,
  STATEMENT_CREATING: 400,
  SIGN_ERROR: 401,
  NOT_ENOUGH: 403,
  OUT_TRADE_NO_USED: 403,
  REQUEST_BLOCKED: 403,
  NOT_FOUND: 404,
  ORDER_NOT_EXIST: 404,
  RESOURCE_NOT_EXISTS: 404,
} as const;

export type PayErrorCode = keyof typeof statuses;

/** A response of API v3, before it is signed. */
export interface PayReply {
  status: number;
  /** Undefined for a response without content. */
  body: object | undefined;
}

/** A refusal, with its code. */
export interface PayErrorReply extends PayReply {
  refused: PayErrorCode;
}

export function payErrorReply(
  refused: PayErrorCode,
  message: string,
  detail?: object,
): PayErrorReply {
  const body = { code: refused, message, ...(detail && { detail }) };
  return { refused, status: statuses[refused], body };
}

export function isPayErrorReply(value: object): value is PayErrorReply {
  return 'refused' in value;
}

export const okReply = (body: object): PayReply => ({ status: 200, body });
export const noContentReply: PayReply = { status: 204, body: undefined };
