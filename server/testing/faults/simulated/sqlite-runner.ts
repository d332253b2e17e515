import type SqliteDatabase from 'better-sqlite3';
import type { CompiledQuery, QueryResult } from 'kysely';
import { quotedNames } from './query-cache';

/** A statement that was prepared, and what is to be known of it. */
interface Prepared {
  statement: SqliteDatabase.Statement;
  /** The tables and columns it names. */
  names: ReadonlySet<string>;
}

/** Where values are written into statements there is no end of them. */
const MOST_KEPT = 1000;

/** Runs statements on one connection, each prepared once, however many processes come and go. */
export function createRunner(database: SqliteDatabase.Database) {
  const kept = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = kept.get(sql);
    if (known) return known;
    if (kept.size >= MOST_KEPT) kept.clear();
    const prepared = { statement: database.prepare(sql), names: quotedNames(sql) };
    kept.set(sql, prepared);
    return prepared;
  }

  return function run<Row>({ sql, parameters }: CompiledQuery) {
    const { statement, names } = prepare(sql);
    return { result: execute<Row>(statement, parameters), names };
  };
}

function execute<Row>(
  statement: SqliteDatabase.Statement,
  parameters: readonly unknown[],
): QueryResult<Row> {
  // What the columns are is the schema's business: Kysely checks it where the query is written.
  if (statement.reader) return { rows: statement.all(...parameters) as Row[] };
  const { changes, lastInsertRowid } = statement.run(...parameters);
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}
