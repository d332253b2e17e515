import { cardCodes } from './error-tables';

/** The result of an operation, before it is put in the envelope. */
export type Reply<Data = unknown> = { data: Data } | ErrorReply;

type CardErrorName = (typeof cardCodes)[number]['name'];

/** Names of refusals: those of 错误码表, and WeChat's and Alipay's own, which the gateway passes on. */
export type ErrorName =
  | 'NotFound'
  | 'UnprocessableEntity'
  | CardErrorName
  | 'ORDERPAID'
  | 'ORDERCLOSED'
  | 'ORDERNOTEXIST'
  | 'OUT_TRADE_NO_USED'
  | 'INVALID_REQUEST'
  | 'PARAM_ERROR'
  | 'NOTENOUGH'
  | 'REFUNDNOTEXIST'
  | 'AUTH_CODE_INVALID'
  | 'AUTHCODEEXPIRE'
  | 'AMOUNT_LIMIT'
  | 'NOT_FOUND'
  | 'NO_STATEMENT_EXIST'
  | 'INVALID_CODE'
  | 'CODE_BLOCKED'
  | 'ACQ.TRADE_NOT_EXIST'
  | 'ACQ.TRADE_HAS_SUCCESS'
  | 'ACQ.TRADE_HAS_CLOSE'
  | 'ACQ.TRADE_STATUS_ERROR'
  | 'ACQ.CONTEXT_INCONSISTENT'
  | 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL'
  | 'ACQ.DISCORDANT_REPEAT_REQUEST'
  | 'ACQ.PAYMENT_AUTH_CODE_INVALID'
  | 'PAYEE_NOT_EXIST'
  | 'ORDER_NOT_EXIST'
  | 'BILL_NOT_EXIST';

export interface ErrorReply {
  refused: ErrorName;
  description: string;
}

export function errorReply(refused: ErrorName, description: string): ErrorReply {
  return { refused, description };
}

/** An error with its text from 错误码表. */
export function cardErrorReply(refused: CardErrorName): ErrorReply {
  return {
    refused,
    description: cardCodes.find(({ name }) => name === refused)?.description ?? '',
  };
}

export function isErrorReply(value: object): value is ErrorReply {
  return 'refused' in value;
}
