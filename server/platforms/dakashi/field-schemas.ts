import { z } from 'zod';
import { elementsOf } from '../elements';

/**
 * Schemas for the values of 大卡师. Its examples write the same kind of value as a string or as a number
 * (api-doc, member/info: `"ieavings_count": "1024"`, `"used_res_count": 0`). A missing value may be null, "",
 * "0" or [], PHP's empty array. All of these are accepted, and nothing else.
 */

const scalarText = z.union([z.string(), z.int()]).transform((value) => String(value).trim());

/** A value written as text or as a whole number, in a given format. */
export function textLike(form: RegExp) {
  return scalarText.pipe(z.string().regex(form));
}

/** PHP's ways to write that there is no value. */
const nothing = z.union([z.null(), z.literal(''), z.tuple([])]).transform(() => null);

/** A value that may be missing, in any of PHP's ways. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z
    .union([nothing, schema])
    .optional()
    .transform((value) => value ?? null);
}

/** A number of a card or an order. "0" means that there is none. */
export function numberOrNull(form: RegExp) {
  const zero = z.literal(['0', 0]).transform(() => null);
  return orNull(z.union([zero, textLike(form)]));
}

/** A small whole number, such as a state. */
export const smallNumber = textLike(/^\d{1,3}$/);

/**
 * A list whose elements are judged one by one. PHP writes a list with a gap in its keys as an object with
 * numeric names.
 */
export function phpList<Item extends z.ZodType>(item: Item, idField: string) {
  const gapped = z
    .record(z.string().regex(/^\d{1,6}$/), z.unknown())
    .transform((entries) => Object.values(entries));
  const empty = z.union([z.null(), z.literal('')]).transform((): unknown[] => []);
  return z.union([z.array(z.unknown()), gapped, empty]).pipe(elementsOf(item, idField));
}
