import type { z } from 'zod';
import type { ObservedAnswer } from '../platforms/answer-observer';
import { oddIssuesIn } from '../platforms/elements';
import { declaredFields, fieldTypes, pathOf, typeOf } from './fields';

/** Compares an operation's answers with its schema. Holds paths and types only, never a value. */
export interface AnswerReport {
  operation: string;
  /** The number of answers compared. */
  answers: number;
  /** Declared fields that were valid. */
  matched: string[];
  /** Required fields that were missing. */
  missing: string[];
  /** Fields of a wrong type: `path: expected, came actual`. */
  wrong: string[];
  /** Undeclared fields, with their types. */
  new: string[];
  /** Optional fields that never occurred. */
  unseen: string[];
}

interface OperationRecord {
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

function expectedType(issue: Issue): string {
  return issue.code === 'invalid_type' ? issue.expected : issue.code.replaceAll('_', ' ');
}

function recordIssue(record: OperationRecord, data: unknown, issue: Issue): void {
  const path = pathOf(issue.path);
  const value = valueAt(data, issue.path);
  if (value === undefined && path !== '') record.missing.add(path);
  else
    record.wrong.set(path, `${path || 'the whole'}: ${expectedType(issue)}, came ${typeOf(value)}`);
}

/** The whole value, and list items that are objects, add nothing to their fields. */
function isInformative(path: string, all: ReadonlySet<string>): boolean {
  if (path === '') return false;
  return !path.endsWith('[]') || ![...all].some((other) => other.startsWith(`${path}.`));
}

function report(operation: string, record: OperationRecord): AnswerReport {
  const declared = declaredFields(record.schema);
  const { fields, missing, wrong } = record;
  const isBad = (path: string) => missing.has(path) || wrong.has(path);
  const paths = [...declared].filter((path) => isInformative(path, declared)).sort();
  const received = new Set(fields.keys());
  return {
    operation,
    answers: record.answers,
    matched: paths.filter((path) => received.has(path) && !isBad(path)),
    missing: [...missing].sort(),
    wrong: [...wrong.values()].sort(),
    new: [...received]
      .filter((path) => !declared.has(path) && isInformative(path, received))
      .sort()
      .map((path) => `${path} (${[...(fields.get(path) ?? [])].sort().join(' or ')})`),
    // The list itself is reported, so its items need not be.
    unseen: paths.filter((path) => !received.has(path) && !isBad(path) && !path.endsWith('[]')),
  };
}

export interface AnswerLog {
  /** Records an answer before it is read. */
  observe(answer: ObservedAnswer): void;
  /** One report per operation that was answered, sorted by name. */
  reports(): AnswerReport[];
}

function recordFor(
  log: Map<string, OperationRecord>,
  operation: string,
  schema: z.ZodType,
): OperationRecord {
  const known = log.get(operation);
  if (known) return known;
  const record: OperationRecord = {
    schema,
    answers: 0,
    fields: new Map(),
    missing: new Set(),
    wrong: new Map(),
  };
  log.set(operation, record);
  return record;
}

/** Compares raw answers with their schemas over a whole run. */
export function createAnswerLog(): AnswerLog {
  const log = new Map<string, OperationRecord>();
  return {
    observe({ operation, schema, data }) {
      const record = recordFor(log, operation, schema);
      record.answers += 1;
      for (const [path, type] of fieldTypes(data)) {
        record.fields.set(path, (record.fields.get(path) ?? new Set()).add(type));
      }
      const read = schema.safeParse(data);
      const issues = read.success ? oddIssuesIn(read.data) : read.error.issues;
      for (const issue of issues) recordIssue(record, data, issue);
    },
    reports: () =>
      [...log]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([operation, record]) => report(operation, record)),
  };
}
