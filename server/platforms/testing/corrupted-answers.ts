import fc from 'fast-check';
import { PlatformUnavailable } from '../ports';

/** Corrupts the answers of a platform field by field, and checks the results of the adapter. */

const REMOVED = Symbol('removed');

/** Corrupted values. No platform sends them as valid values, except those that PHP sends for "no value". */
export const corruptions: readonly (readonly [name: string, by: unknown])[] = [
  ['missing', REMOVED],
  ['null', null],
  ['an empty text', ''],
  ['an empty list', []],
  ['an empty object', {}],
  ['"0"', '0'],
  ['true', true],
  ['negative', -1],
  ['huge', 1e300],
  ['a number beyond precision', Number('12345678901234567890')],
  ['a long text', '🙂'.repeat(400)],
  ['a control character', '\u0000'],
  ['a list in a list', [[null]]],
  ['an object that looks like a text', { toString: 'x' }],
  ['an impossible date', '2026-02-30'],
];

/** Corrupted values for random tests. No platform sends them as valid values. */
export const invalidValues: readonly unknown[] = [
  REMOVED,
  null,
  true,
  -1,
  1e300,
  '',
  '\u0000',
  '🙂'.repeat(400),
  [],
  {},
  [[null]],
  { toString: 'x' },
];

export type Path = readonly (string | number)[];

/** The paths of all fields of an answer, at any depth. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path];
  if (typeof value !== 'object' || value === null) return here;
  const fields = Array.isArray(value)
    ? value.map((item: unknown, index): [number, unknown] => [index, item])
    : Object.entries(value);
  return [...here, ...fields.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

/** Copies an answer and replaces one field, or removes it with `REMOVED`. */
export function corruptField(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const entries = Object.entries(value ?? {}).flatMap(([name, item]: [string, unknown]) => {
    const corrupted = name === String(key) ? corruptField(item, rest, by) : item;
    return corrupted === REMOVED ? [] : [[name, corrupted] as const];
  });
  if (Array.isArray(value)) return entries.map(([, item]) => item);
  return Object.fromEntries(entries);
}

export function isSameJson(actual: unknown, expected: unknown): boolean {
  return JSON.stringify(actual) === JSON.stringify(expected);
}

/** Whether a result may differ from the expected one in this way. */
export type AllowedDeviation = (actual: unknown, expected: unknown) => boolean;

export const noDeviation: AllowedDeviation = () => false;
export const anyDeviation: AllowedDeviation = () => true;
export const isNull: AllowedDeviation = (actual) => actual === null;
export const isZero: AllowedDeviation = (actual) => actual === 0;

export function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : ['no list'];
}

/** Allows deviations in the named fields, each in its own way. */
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

/** Allows a list to lack items, and its items to deviate. */
export const allowingItems =
  (allowed: AllowedDeviation): AllowedDeviation =>
  (actual, expected) =>
    itemsOf(actual).every((item) =>
      itemsOf(expected).some((real) => isSameJson(item, real) || allowed(item, real)),
    );

/** Texts are passed on unchanged, so a text among the corruptions cannot be distinguished from a genuine one. */
export function isPassedThrough(actual: unknown): boolean {
  const texts = corruptions.map(([, by]) => by).filter((by) => typeof by === 'string');
  return [...texts, '-1', '2026-02-30'].includes(String(actual));
}

/** A port method, the answers it reads, and how its result may deviate if one of them is corrupted. */
export interface CorruptionCase<Platform, Name> {
  method: string;
  /** The operations or paths whose answers are corrupted. */
  answers: readonly Name[];
  /** Those without which the method still knows the rest. */
  optional?: readonly Name[];
  perform: (platform: Platform) => Promise<unknown>;
  allowed: AllowedDeviation;
}

/** The result of a port method; undefined if it reports that it does not know. */
export async function knownResult(perform: () => Promise<unknown>): Promise<unknown> {
  try {
    const result = await perform();
    const isUnknown =
      typeof result === 'object' &&
      result !== null &&
      'outcome' in result &&
      result.outcome === 'unknown';
    return isUnknown ? undefined : result;
  } catch (error) {
    if (error instanceof PlatformUnavailable) return undefined;
    throw error;
  }
}

/** A result is honest if it is unknown, equals the expected one, or deviates only in an allowed way. */
function isHonest(actual: unknown, expected: unknown, allowed: AllowedDeviation): boolean {
  return actual === undefined || isSameJson(actual, expected) || allowed(actual, expected);
}

/** A call whose answer is corrupted, and its result without corruption. */
export interface CorruptedCall {
  /** The intact answer. */
  answer: unknown;
  /** Makes the platform give this answer; undefined for none. */
  respond: (answer: unknown) => void;
  perform: () => Promise<unknown>;
  expected: unknown;
  allowed: AllowedDeviation;
}

async function resultOf({ answer, respond, perform }: CorruptedCall, path: Path, by: unknown) {
  const corrupted = corruptField(answer, path, by);
  respond(corrupted === REMOVED ? undefined : corrupted);
  return knownResult(perform);
}

/** Corrupts every field of an answer in one way, and checks that the method stays honest. */
export async function expectHonestResults(call: CorruptedCall, by: unknown): Promise<void> {
  for (const path of [[], ...pathsOf(call.answer)]) {
    const actual = await resultOf(call, path, by);
    const verdict = isHonest(actual, call.expected, call.allowed) ? 'honest' : actual;
    expect([path.join('.'), verdict]).toEqual([path.join('.'), 'honest']);
  }
}

/** Corrupts random fields of one of several answers, and checks that the method stays honest. */
export async function expectHonestRandomResults(
  calls: readonly CorruptedCall[],
  { values, numRuns }: { values: readonly unknown[]; numRuns: number },
): Promise<void> {
  const corruption = fc.constantFrom(...calls).chain((call) =>
    fc.record({
      call: fc.constant(call),
      path: fc.constantFrom<Path>([], ...pathsOf(call.answer)),
      by: fc.constantFrom(...values),
    }),
  );
  await fc.assert(
    fc.asyncProperty(corruption, async ({ call, path, by }) =>
      isHonest(await resultOf(call, path, by), call.expected, call.allowed),
    ),
    { numRuns },
  );
}
