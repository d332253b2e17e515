import { z } from 'zod';
import { invalidFields } from './warn';

/** An element of a platform's list that does not match its schema, and was left out. */
export interface OddElement {
  /** Its value in the list's id field, if it has one. */
  id: string | null;
  /** The paths of its invalid fields, never their values. */
  fields: string[];
  /** What is wrong with it. The first step of each path is its position in the list. */
  issues: readonly z.core.$ZodIssue[];
  /** As the platform sent it. It may hold personal data, so it must not be logged. */
  value: unknown;
}

/** The elements that were left out of a list, beside the list that holds the others. */
const oddElementsOf = new WeakMap<readonly unknown[], readonly OddElement[]>();

const MAX_ID_LENGTH = 64;

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of an element that was left out, if it is a text or a number. */
export function oddField({ value }: Pick<OddElement, 'value'>, field: string): string | null {
  const found = isFields(value) ? value[field] : undefined;
  const text = typeof found === 'number' ? String(found) : found;
  return typeof text === 'string' ? text.trim().slice(0, MAX_ID_LENGTH) : null;
}

/**
 * A list whose elements are judged one by one: one that does not match its schema is left out and does not
 * void the others. A list of things that are no objects at all is refused.
 * @param idField names an element in the log. Without one, its elements are about persons or their cards.
 */
export function elementsOf<Item extends z.ZodType>(item: Item, idField?: string) {
  const read = z.array(z.unknown()).transform((values, context) => {
    if (values.length > 0 && !values.some(isFields)) {
      context.addIssue({ code: 'custom', message: 'not a list of objects' });
      return z.NEVER;
    }
    const items: z.output<Item>[] = [];
    const odd: OddElement[] = [];
    for (const [index, value] of values.entries()) {
      const parsed = item.safeParse(value);
      if (parsed.success) items.push(parsed.data);
      else {
        const id = idField === undefined ? null : oddField({ value }, idField);
        const issues = parsed.error.issues.map((issue) => ({
          ...issue,
          path: [index, ...issue.path],
        }));
        odd.push({ id, fields: invalidFields(parsed.error), issues, value });
      }
    }
    oddElementsOf.set(items, odd);
    return items;
  });
  // The JSON Schema of a transform says nothing about its elements.
  return read.meta({ items: z.toJSONSchema(item, { io: 'input', unrepresentable: 'any' }) });
}

/** The elements that `elementsOf` left out of a list. */
export function oddElements(list: readonly unknown[]): readonly OddElement[] {
  return oddElementsOf.get(list) ?? [];
}

/** All elements that were left out of the lists in an answer. */
export function oddElementsIn(data: unknown): OddElement[] {
  if (Array.isArray(data)) return [...oddElements(data), ...data.flatMap(oddElementsIn)];
  return isFields(data) ? Object.values(data).flatMap(oddElementsIn) : [];
}

/** What is wrong with lists in an answer of which no element is readable, with complete paths. */
export function oddIssuesIn(data: unknown, path: readonly PropertyKey[] = []): z.core.$ZodIssue[] {
  if (typeof data !== 'object' || data === null) return [];
  const isUnreadable = Array.isArray(data) && data.length === 0;
  const own = isUnreadable ? oddElements(data).flatMap(({ issues }) => issues) : [];
  return [
    ...own.map((issue) => ({ ...issue, path: [...path, ...issue.path] })),
    ...Object.entries(data).flatMap(([name, inner]) => oddIssuesIn(inner, [...path, name])),
  ];
}
