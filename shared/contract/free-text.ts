import { z } from 'zod';

/** Characters that change the order of others, or are not shown: they could disguise a text. */
const DISGUISING =
  '\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb';

/** Text that is compared, not shown: no control, bidirectional or invisible characters. */
export const plainText = z
  .string()
  .regex(new RegExp(`^[^\\p{Cc}${DISGUISING}]*$`, 'u'), 'has a character that is not allowed');

const DISGUISING_CHARACTERS = new RegExp(`[${DISGUISING}]`, 'gu');
const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/g;
const SEPARATORS = /[\t-\r\p{Zs}]+/gu;
/** U+001C to U+001F separate the fields of a barcode. */
// eslint-disable-next-line no-control-regex -- it replaces control characters
const FIELD_SEPARATORS = /[\x1c-\x1f]/g;
const LONE_SURROGATE = /\p{Cs}/u;
const CONTROLS_OR_HALF = /[^\P{Cc}\t\n\r]|\p{Cs}/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '').replace(DISGUISING_CHARACTERS, '');
}

function cleanLine(text: string): string {
  const line = text
    .replace(LINE_BREAKS, ' ')
    .replace(SEPARATORS, ' ')
    .replace(FIELD_SEPARATORS, ' ');
  return withoutControls(line).normalize('NFC').trim();
}

function cleanLines(text: string): string {
  const lines = text.replace(LINE_BREAKS, '\n').replaceAll('\t', ' ');
  return withoutControls(lines).normalize('NFC').trim();
}

interface FreeTextLimits {
  /** In code points, of the cleaned text. */
  min?: number;
  max: number;
  /** Whether line breaks are kept; else each becomes a space. */
  multiline?: boolean;
  /** Whether control characters are refused instead of removed; line breaks and tabs are not. */
  refuseControls?: boolean;
}

/**
 * Text that people write. Control, bidirectional and invisible characters are removed, and what is left is
 * in NFC without spaces around it; text of nothing visible is empty. Half a surrogate pair is refused.
 */
export function freeText(limits: FreeTextLimits) {
  const { min = 0, max, multiline = false, refuseControls = false } = limits;
  const clean = multiline ? cleanLines : cleanLine;
  const refused = refuseControls ? CONTROLS_OR_HALF : LONE_SURROGATE;
  return z
    .string()
    .refine((text) => !refused.test(text), {
      message: 'has a character that is not allowed',
      abort: true,
    })
    .overwrite((text) => {
      const cleaned = clean(text);
      return VISIBLE.test(cleaned) ? cleaned : '';
    })
    .refine(
      (text) => Array.from(text).length >= min,
      `must have at least ${String(min)} characters`,
    )
    .refine((text) => Array.from(text).length <= max, `must have at most ${String(max)} characters`)
    .meta({ minLength: min, maxLength: max });
}
