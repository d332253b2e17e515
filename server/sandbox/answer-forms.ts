/** The forms of an answer that a client can read. @internal Exported for tests. */
export const readableForms = [
  'gzip',
  'deflate',
  'brotli',
  'gbk',
  'byteOrderMark',
  'noContentType',
] as const;

/** The forms of an answer that a client must refuse. @internal Exported for tests. */
export const unreadableForms = [
  'redirect',
  'noContent',
  'truncated',
  'invalidUtf8',
  'gzipBomb',
] as const;

export const answerForms = [...readableForms, ...unreadableForms] as const;
export type AnswerForm = (typeof answerForms)[number];
