import { z } from 'zod';

/** The envelope around every answer: `{"meta":{"message","code"},"data"}`. */
export const envelope = z.looseObject({
  meta: z.looseObject({ code: z.int(), message: z.unknown().optional() }),
  data: z.unknown().optional(),
});

export const SUCCESS = 0;

/**
 * The document's error codes, each given by a check before anything is done. 23090 (内部错误) is not among
 * them: it may come from the doing itself. Nor is 23000, which the vendor's own Fog library
 * (github.com/MXCHIP/Fog) shows once as success: this document does not list it, so what it came to is asked.
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

/** The texts in a message, which is one text, or lists of them by field (`{"non_field_errors":["…"]}`). */
function textsIn(message: unknown): string[] {
  if (typeof message === 'string') return [message];
  if (typeof message !== 'object' || message === null) return [];
  return Object.entries(message).flatMap(([field, inner]: [string, unknown]) => {
    const isNamed = !Array.isArray(message) && field !== 'non_field_errors';
    return textsIn(inner).map((text) => (isNamed ? `${field}: ${text}` : text));
  });
}

/** `meta.message` as one readable line; empty where it says nothing. For whoever called, never for a log. */
export function readMessage(message: unknown): string {
  return textsIn(message)
    .join('; ')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_MESSAGE_LENGTH);
}
