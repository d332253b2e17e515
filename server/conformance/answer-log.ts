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

/** The whole, and the places of a list that are objects, say nothing that their fields do not. */
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
    // Of a list that may be empty, its places say no more than the list.
    unseen: paths.filter((path) => !received.has(path) && !isBad(path) && !path.endsWith('[]')),
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
  const log = new Map<string, OperationRecord>();

  function recordFor(operation: string, schema: z.ZodType): OperationRecord {
    const known = log.get(operation);
    if (known) return known;
    const fields = { schema, answers: 0, fields: new Map(), missing: new Set<string>() };
    const record: OperationRecord = { ...fields, wrong: new Map() };
    log.set(operation, record);
    return record;
  }

  return {
    observe({ operation, schema, data }) {
      const record = recordFor(operation, schema);
      record.answers += 1;
      for (const [path, type] of fieldTypes(data)) {
        record.fields.set(path, (record.fields.get(path) ?? new Set()).add(type));
      }
      const read = schema.safeParse(data);
      for (const issue of read.error?.issues ?? []) recordIssue(record, data, issue);
    },
    reports: () =>
      [...log.keys()].sort().flatMap((operation) => {
        const record = log.get(operation);
        return record ? [report(operation, record)] : [];
      }),
  };
}
