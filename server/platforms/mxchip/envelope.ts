import { z } from 'zod';

/** The envelope around every answer: `{"meta":{"message","code"},"data"}`. */
export const envelope = z.looseObject({
  meta: z.looseObject({ code: z.int(), message: z.unknown().optional() }),
  data: z.unknown().optional(),
});

export const SUCCESS = 0;

/**
 * The document's error codes of checks that come before anything is done. 23090 (内部错误) is not listed,
 * because it may occur after something was done. Neither is 23000, which the vendor's own Fog library
 * (github.com/MXCHIP/Fog) once shows as success: the document does not list it, so its outcome is unknown.
 */
export const refusalTexts = {
  23010: '参数错误',
  23030: '设备ID错误',
  23031: '设备被禁用',
} as const;

export type RefusalCode = keyof typeof refusalTexts;

export function isRefusalCode(code: number): code is RefusalCode {
  return Object.hasOwn(refusalTexts, code);
}

const MAX_MESSAGE_LENGTH = 200;

/** The texts of a message: a single text, or lists of texts by field (`{"non_field_errors":["…"]}`). */
function textsIn(message: unknown): string[] {
  if (typeof message === 'string') return [message];
  if (typeof message !== 'object' || message === null) return [];
  return Object.entries(message).flatMap(([field, inner]: [string, unknown]) => {
    const isNamed = !Array.isArray(message) && field !== 'non_field_errors';
    return textsIn(inner).map((text) => (isNamed ? `${field}: ${text}` : text));
  });
}

/** `meta.message` as one line; empty if it has no text. For the caller only, never for a log. */
export function readMessage(message: unknown): string {
  return textsIn(message)
    .join('; ')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_MESSAGE_LENGTH);
}
