/** Damage to answers, field by field, and what may honestly be said of a damaged one. */

export const REMOVED = Symbol('removed');

/** None of these is a value the platform could mean, but those by which PHP says that there is none. */
export const damages: readonly (readonly [name: string, by: unknown])[] = [
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

export function damage(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const entries = Object.entries(value ?? {}).flatMap(([name, item]: [string, unknown]) => {
    const damaged = name === String(key) ? damage(item, rest, by) : item;
    return damaged === REMOVED ? [] : [[name, damaged] as const];
  });
  if (Array.isArray(value)) return entries.map(([, item]) => item);
  return Object.fromEntries(entries);
}

export function same(result: unknown, truth: unknown): boolean {
  return JSON.stringify(result) === JSON.stringify(truth);
}

/** What a method may say besides the truth. */
export type Honest = (said: unknown, truth: unknown) => boolean;

export function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : ['no list'];
}

export const fieldwise =
  (allowed: Readonly<Record<string, Honest>>): Honest =>
  (said, truth) =>
    Object.entries(truth as object).every(([name, real]: [string, unknown]) => {
      const claimed = (said as Record<string, unknown>)[name];
      return same(claimed, real) || (allowed[name]?.(claimed, real) ?? false);
    });

export const never: Honest = () => false;
export const anything: Honest = () => true;

export const isZero: Honest = (said) => said === 0;

/** Words that are passed on as they are: a text of the table stands for any the platform could mean. */
export function isAsGiven(said: unknown): boolean {
  const texts = damages.map(([, by]) => by).filter((by) => typeof by === 'string');
  return [...texts, '-1', '2026-02-30'].includes(String(said));
}
