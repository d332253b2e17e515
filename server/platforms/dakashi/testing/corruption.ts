/** Damage to answers, field by field, and what may honestly be said of a damaged one. */

export const REMOVED = Symbol('removed');

/** None of these is a value the platform could mean, but those by which PHP says that there is none. */
export const corruptions: readonly (readonly [name: string, by: unknown])[] = [
  ['missing', REMOVED],
  ['null', null],
  ['an empty text', ''],
  ['an empty list', []],
  ['an empty object', {}],
  ['"0"', '0'],
  ['true', true],
  ['below zero', -1],
  ['huge', 1e300],
  ['a number beyond precision', Number('12345678901234567890')],
  ['a long text', '🙂'.repeat(400)],
  ['a control character', '\u0000'],
  ['a list in a list', [[null]]],
  ['an object that looks like a text', { toString: 'x' }],
  ['a date there is none of', '2026-02-30'],
];

type Path = readonly (string | number)[];

export function pathsOf(value: unknown, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path];
  if (typeof value !== 'object' || value === null) return here;
  const fields = Array.isArray(value)
    ? value.map((item: unknown, index): [number, unknown] => [index, item])
    : Object.entries(value);
  return [...here, ...fields.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

export function corruptField(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const entries = Object.entries(value ?? {}).flatMap(([name, item]: [string, unknown]) => {
    const corrupted = name === String(key) ? corruptField(item, rest, by) : item;
    return corrupted === REMOVED ? [] : [[name, corrupted] as const];
  });
  if (Array.isArray(value)) return entries.map(([, item]) => item);
  return Object.fromEntries(entries);
}

export function isSameJson(result: unknown, expected: unknown): boolean {
  return JSON.stringify(result) === JSON.stringify(expected);
}

/** What a method may say besides the truth. */
export type AllowedDeviation = (actual: unknown, expected: unknown) => boolean;

export function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : ['no list'];
}

export const allowingFields =
  (allowed: Readonly<Record<string, AllowedDeviation>>): AllowedDeviation =>
  (actual, expected) =>
    Object.entries(expected as object).every(([name, expectedField]: [string, unknown]) => {
      const actualField = (actual as Record<string, unknown>)[name];
      return (
        isSameJson(actualField, expectedField) ||
        (allowed[name]?.(actualField, expectedField) ?? false)
      );
    });

export const noDeviation: AllowedDeviation = () => false;
export const anyDeviation: AllowedDeviation = () => true;

export const isZero: AllowedDeviation = (actual) => actual === 0;

/** Words that are passed on as they are: a text of the table stands for any the platform could mean. */
export function isPassedThrough(actual: unknown): boolean {
  const texts = corruptions.map(([, by]) => by).filter((by) => typeof by === 'string');
  return [...texts, '-1', '2026-02-30'].includes(String(actual));
}
