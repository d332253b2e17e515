import type SqliteDatabase from 'better-sqlite3';
import type { CompiledQuery, QueryResult } from 'kysely';
import { quotedNames } from './query-cache';

/** A prepared statement. */
interface Prepared {
  statement: SqliteDatabase.Statement;
  /** The tables and columns it names. */
  names: ReadonlySet<string>;
}

/** Statements with literals in them are without number, so the cache is bounded. */
const MAX_CACHED = 1000;

/** Runs statements on one connection and caches the prepared ones across processes. */
export function createRunner(database: SqliteDatabase.Database) {
  const kept = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = kept.get(sql);
    if (known) return known;
    if (kept.size >= MAX_CACHED) kept.clear();
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
  // Kysely checks the columns against the schema where the query is written.
  if (statement.reader) return { rows: statement.all(...parameters) as Row[] };
  const { changes, lastInsertRowid } = statement.run(...parameters);
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}
