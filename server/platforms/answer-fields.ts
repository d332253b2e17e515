import { parseBeijing } from '@shared/beijing-time';
import { MAX_MB, parseMegabytes } from '@shared/data-volume';
import { z } from 'zod';

/** Schemas for values in platforms' answers, which are read as leniently as they are unambiguous. */

/** A decimal as a text or a JSON number; not validated yet. */
export const decimalText = z
  .union([z.string().max(64), z.number()])
  .transform((value) => (typeof value === 'string' ? value.trim() : value));

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** A volume in MB; negative if more was used than there was. */
export const signedMegabytes = decimalText.transform((value, context) => {
  const megabytes = parseMegabytes(value);
  return megabytes ?? refuse(context, 'not a volume');
});

/** A volume in MB that cannot be negative. */
export const megabytes = signedMegabytes.pipe(z.number().min(0).max(MAX_MB));

const UNSTATED_VOLUME = -1;

/** A volume in MB; null for -1, which platforms write for an unlimited or unknown volume. */
export const megabytesOrNull = signedMegabytes
  .transform((volume) => (volume === UNSTATED_VOLUME ? null : volume))
  .pipe(z.number().min(0).max(MAX_MB).nullable());

/**
 * Invisible characters that no name needs: controls, and marks that change the direction of text (Unicode
 * UAX #9, 2.) or have no width. The joiner of emoji (U+200D) stays.
 */
const INVISIBLE = /[\p{Cc}\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]/gu;
/** What a decoder writes for bytes that it cannot decode. */
const UNDECODABLE = '\uFFFD';

/** A name that people read. Invisible characters are removed; one that was not decoded is refused. */
export const nameText = z
  .string()
  .transform((text) =>
    text
      .replace(/[\t\r\n]/g, ' ')
      .replace(INVISIBLE, '')
      .trim(),
  )
  .pipe(
    z
      .string()
      .min(1)
      .max(200)
      .refine((text) => !text.includes(UNDECODABLE), 'not decodable'),
  );

/** How platforms write that there is no date. */
const NO_DATE = /^(?:(?:0000-00-00|0001-01-01)(?:[ T]00:00(?::00(?:\.0+)?)?)?)?$/;
const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2})(?:\.\d{1,7})?)?)?$/;

/** Day and time of a valid local date or time; undefined if it is none. */
function splitLocal(text: string): { day: string; time: string | undefined } | undefined {
  const [, day = '', minutes, seconds = '00'] = LOCAL.exec(text) ?? [];
  const time = minutes === undefined ? undefined : `${minutes}:${seconds}`;
  const written = time === undefined ? day : `${day} ${time}`;
  return parseBeijing(written) === undefined ? undefined : { day, time };
}

const localText = z.union([
  z.null().transform(() => ''),
  z
    .string()
    .max(40)
    .transform((text) => text.trim()),
]);

/** A date in Beijing as `YYYY-MM-DD`, also if it has a time of day; null if there is none. */
export const dayOrNull = localText.transform((text, context) => {
  if (NO_DATE.test(text)) return null;
  return splitLocal(text)?.day ?? refuse(context, 'not a date');
});

/** A time in Beijing as `YYYY-MM-DD HH:mm:ss`, or a date without one; null if there is none. */
export const timeOrNull = localText.transform((text, context) => {
  if (NO_DATE.test(text)) return null;
  const split = splitLocal(text);
  if (split === undefined) return refuse(context, 'not a time');
  return split.time === undefined ? split.day : `${split.day} ${split.time}`;
});

/** A part of an answer that does not void the rest if it is invalid: then it is undefined. */
export function readablePart<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.unknown().transform(() => undefined)]);
}

/** A part of an answer that may also be missing: then it is undefined too. */
export function optionalPart<Schema extends z.ZodType>(schema: Schema) {
  return readablePart(schema).optional();
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The first instant of a time or day in Beijing that a schema above has read, in epoch ms. */
export function startOf(text: string): number {
  return parseBeijing(text) ?? NaN;
}

/** The last instant: a date without a time of day means that whole day. */
export function endOf(text: string): number {
  return text.includes(' ') ? startOf(text) : startOf(text) + DAY_MS - 1;
}
