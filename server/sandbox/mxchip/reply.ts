/** The codes of the document. */
export type ReplyCode = 0 | 23010 | 23030 | 23031 | 23090;

/** The body of an answer. A message may be a text, or texts by field, as the vendor's own library meets both. */
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
