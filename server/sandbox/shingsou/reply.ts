/** What an operation comes to before it is put in the envelope. */
export type Reply<Data = unknown> = { data: Data } | Refusal;

/** Names of refusals: those of 错误码表, and WeChat's own, which the gateway passes on. */
export type RefusalName =
  | 'NotFound'
  | 'UnprocessableEntity'
  | 'ORDERPAID'
  | 'ORDERCLOSED'
  | 'ORDERNOTEXIST'
  | 'INVALID_REQUEST'
  | 'NOTENOUGH'
  | 'REFUNDNOTEXIST'
  | 'NO_STATEMENT_EXIST'
  | 'INVALID_CODE'
  | 'CODE_BLOCKED';

export interface Refusal {
  refused: RefusalName;
  description: string;
}

export function refuse(refused: RefusalName, description: string): Refusal {
  return { refused, description };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}
