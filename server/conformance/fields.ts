import { z } from 'zod';

/**
 * Names of fields as paths: `items[].iccid`. A path never holds a value: a name that could be one (a number
 * as a key, or words of people) is written `{…}`.
 */

const SAFE_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,39}$/;
const NUMBER_WITHIN = /\d{4}/;
/** PHP writes a list with a gap in its keys as an object with numbers for names. */
const POSITION = /^\d{1,3}$/;

/** One more step of a path. */
function appendStep(path: string, name: PropertyKey): string {
  const text = String(name);
  if (POSITION.test(text)) return `${path}[]`;
  const shown = SAFE_NAME.test(text) && !NUMBER_WITHIN.test(text) ? text : '{…}';
  return path === '' ? shown : `${path}.${shown}`;
}

/** The path of an issue of Zod. */
export function pathOf(steps: readonly PropertyKey[]): string {
  return steps.reduce<string>(appendStep, '');
}

/** What JSON calls the type of a value. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Every path of a value with the types it has there, the whole included as ''. */
export function fieldTypes(value: unknown, path = ''): [path: string, type: string][] {
  const here: [string, string] = [path, typeOf(value)];
  if (typeof value !== 'object' || value === null) return [here];
  return [
    here,
    ...Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
      fieldTypes(inner, appendStep(path, name)),
    ),
  ];
}

/** The parts of JSON Schema that Zod writes where fields are declared. */
const node = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).default([]),
  oneOf: z.array(z.unknown()).default([]),
  allOf: z.array(z.unknown()).default([]),
});

function declaredIn(schema: unknown, path: string): string[] {
  const parsed = node.safeParse(schema);
  if (!parsed.success) return [path];
  const { properties, items, anyOf, oneOf, allOf } = parsed.data;
  return [
    path,
    ...[...anyOf, ...oneOf, ...allOf].flatMap((one) => declaredIn(one, path)),
    ...(items === undefined ? [] : declaredIn(items, `${path}[]`)),
    ...Object.entries(properties).flatMap(([name, inner]) =>
      declaredIn(inner, appendStep(path, name)),
    ),
  ];
}

/** Every path that a schema reads. Where it reads in two goes, both sides of the pipe are looked at. */
export function declaredFields(schema: z.ZodType): ReadonlySet<string> {
  return new Set(
    (['input', 'output'] as const).flatMap((io) =>
      declaredIn(z.toJSONSchema(schema, { io, unrepresentable: 'any' }), ''),
    ),
  );
}
