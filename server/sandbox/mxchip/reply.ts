/** The codes of the document. */
export type Code = 0 | 23010 | 23030 | 23031 | 23090;

/** The body of an answer. A message may be a text, or texts by field, as the vendor's own library meets both. */
export interface Reply {
  meta: { message: string | Readonly<Record<string, readonly string[]>>; code: Code };
  data: unknown;
}

export function succeed(message: string, data: unknown): Reply {
  return { meta: { message, code: 0 }, data };
}

export function refuse(code: Exclude<Code, 0>, message: Reply['meta']['message']): Reply {
  return { meta: { message, code }, data: {} };
}
