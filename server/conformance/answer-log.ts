import type { z } from 'zod';
import type { ObservedAnswer } from '../platforms/answer-observer';
import { declaredFields, fieldTypes, pathOf, typeOf } from './fields';

/** How an operation's answers compare with what they are read by. Paths and types alone, never a value. */
export interface AnswerReport {
  operation: string;
  /** How many answers were compared. */
  answers: number;
  /** Fields that are read, and came as they should. */
  matched: string[];
  /** Fields that are needed and did not come. */
  missing: string[];
  /** Fields that came in another form: `path: what was wanted, what came`. */
  wrong: string[];
  /** Fields that came and are not read, with their types. */
  new: string[];
  /** Fields that need not come, and did not. */
  unseen: string[];
}

interface Seen {
  schema: z.ZodType;
  answers: number;
  fields: Map<string, Set<string>>;
  missing: Set<string>;
  wrong: Map<string, string>;
}

type Issue = z.core.$ZodIssue;

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined,
    data,
  );
}

function wanted(issue: Issue): string {
  return issue.code === 'invalid_type' ? issue.expected : issue.code.replaceAll('_', ' ');
}

function noteIssue(seen: Seen, data: unknown, issue: Issue): void {
  const path = pathOf(issue.path);
  const value = valueAt(data, issue.path);
  if (value === undefined && path !== '') seen.missing.add(path);
  else seen.wrong.set(path, `${path || 'the whole'}: ${wanted(issue)}, came ${typeOf(value)}`);
}

/** The whole, and the places of a list that are objects, say nothing that their fields do not. */
function isTelling(path: string, all: ReadonlySet<string>): boolean {
  if (path === '') return false;
  return !path.endsWith('[]') || ![...all].some((other) => other.startsWith(`${path}.`));
}

function report(operation: string, seen: Seen): AnswerReport {
  const declared = declaredFields(seen.schema);
  const { fields, missing, wrong } = seen;
  const isBad = (path: string) => missing.has(path) || wrong.has(path);
  const paths = [...declared].filter((path) => isTelling(path, declared)).sort();
  const came = new Set(fields.keys());
  return {
    operation,
    answers: seen.answers,
    matched: paths.filter((path) => came.has(path) && !isBad(path)),
    missing: [...missing].sort(),
    wrong: [...wrong.values()].sort(),
    new: [...came]
      .filter((path) => !declared.has(path) && isTelling(path, came))
      .sort()
      .map((path) => `${path} (${[...(fields.get(path) ?? [])].sort().join(' or ')})`),
    // Of a list that may be empty, its places say no more than the list.
    unseen: paths.filter((path) => !came.has(path) && !isBad(path) && !path.endsWith('[]')),
  };
}

export interface AnswerLog {
  /** Takes note of an answer, before it is read. */
  observe(answer: ObservedAnswer): void;
  /** One report for each operation that was answered, by name. */
  reports(): AnswerReport[];
}

/** Compares answers as they came with the schemas they are read by, over a whole run. */
export function createAnswerLog(): AnswerLog {
  const log = new Map<string, Seen>();

  function open(operation: string, schema: z.ZodType): Seen {
    const known = log.get(operation);
    if (known) return known;
    const seen = { schema, answers: 0, fields: new Map(), missing: new Set<string>() };
    const opened: Seen = { ...seen, wrong: new Map() };
    log.set(operation, opened);
    return opened;
  }

  return {
    observe({ operation, schema, data }) {
      const seen = open(operation, schema);
      seen.answers += 1;
      for (const [path, type] of fieldTypes(data)) {
        seen.fields.set(path, (seen.fields.get(path) ?? new Set()).add(type));
      }
      const read = schema.safeParse(data);
      for (const issue of read.error?.issues ?? []) noteIssue(seen, data, issue);
    },
    reports: () =>
      [...log.keys()].sort().flatMap((operation) => {
        const seen = log.get(operation);
        return seen ? [report(operation, seen)] : [];
      }),
  };
}
