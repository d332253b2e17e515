/** The codes of the document. */
export type ReplyCode = 0 | 23010 | 23030 | 23031 | 23090;

/** The body of a response. A message is a text or texts by field: the vendor's own library handles both. */
export interface Reply {
  meta: { message: string | Readonly<Record<string, readonly string[]>>; code: ReplyCode };
  data: unknown;
}

export function successReply(message: string, data: unknown): Reply {
  return { meta: { message, code: 0 }, data };
}

export function errorReply(code: Exclude<ReplyCode, 0>, message: Reply['meta']['message']): Reply {
  return { meta: { message, code }, data: {} };
}
