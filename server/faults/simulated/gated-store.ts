import SqliteDatabase from 'better-sqlite3';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import {
  CompiledQuery as Query,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { migrate } from '../../store/migrate';
import type { Database } from '../../store/schema';
import type { Store } from '../../store/store';
import type { Process } from './process';
import { never } from './process';

/** A real SQLite in memory that several simulated processes share, and that outlives each of them. */
export interface SharedSqlite {
  /** The store as a process sees it: every statement is one of its steps. */
  openFor(process: Process): Store;
  /** The store as an onlooker sees it, whom nothing stops. */
  readonly onlooker: Store;
  /** When the next job is due by run time and lease, in epoch ms; undefined where there is none. */
  nextDue(): number | undefined;
  /** Whether no job is left, except for the one that compares the days and never ends. */
  isIdle(): boolean;
  /** How many payments the book has. */
  countCaptures(): number;
  /** The token of a job's lease; null where nobody holds it, undefined where there is no such job. */
  leaseOf(kind: string, subjectId: string): string | null | undefined;
  /** Called after a statement that touched the jobs. */
  onJobsTouched(listener: () => void): void;
  /** Forgets everything that was written, and every process. */
  empty(): void;
  close(): void;
}

/** Who may use the one connection now; the dead lose their place. */
function createTurns(onOrphaned: () => void) {
  let holder: Process | undefined;
  const waiting: { process: Process; go: () => void }[] = [];

  function next(): void {
    holder = undefined;
    for (let first = waiting.shift(); first; first = waiting.shift()) {
      if (!first.process.isAlive()) continue;
      holder = first.process;
      first.go();
      return;
    }
  }

  return {
    take: async (process: Process): Promise<void> => {
      if (!process.isAlive()) await never();
      if (!holder) {
        holder = process;
        return;
      }
      await new Promise<void>((resolve) => {
        waiting.push({ process, go: resolve });
      });
    },
    give: next,
    bury: (process: Process) => {
      if (holder !== process) return;
      onOrphaned();
      next();
    },
    reset: () => {
      holder = undefined;
      waiting.length = 0;
    },
  };
}

type Statement = SqliteDatabase.Statement;

/** Statements are prepared once, however many processes come and go. */
function createRunner(database: SqliteDatabase.Database) {
  const statements = new Map<string, Statement>();

  function prepared(sql: string): Statement {
    const known = statements.get(sql);
    if (known) return known;
    const statement: Statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }

  return function run<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const statement = prepared(sql);
    // What the columns are is the schema's business: Kysely checks it where the query is written.
    if (statement.reader) return { rows: statement.all(...parameters) as Row[] };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  };
}

const [BEGIN, COMMIT, ROLLBACK] = ['begin', 'commit', 'rollback'].map((sql) => Query.raw(sql)) as [
  CompiledQuery,
  CompiledQuery,
  CompiledQuery,
];

async function execute(connection: DatabaseConnection, query: CompiledQuery): Promise<void> {
  await connection.executeQuery(query);
}

export async function openSharedSqlite(): Promise<SharedSqlite> {
  const database = new SqliteDatabase(':memory:');
  database.pragma('foreign_keys = on');
  const onlooker = new Kysely<Database>({ dialect: new SqliteDialect({ database }) });
  await migrate(onlooker);
  const run = createRunner(database);
  let touched: (() => void)[] = [];
  const turns = createTurns(() => {
    if (database.inTransaction) run(ROLLBACK);
  });

  function driverFor(process: Process): Driver {
    const connection: DatabaseConnection = {
      executeQuery: async <Row>(query: CompiledQuery) => {
        await process.stepWithin();
        const result = run<Row>(query);
        if (query.sql.includes('"jobs"')) for (const listener of touched) listener();
        return result;
      },
      streamQuery: () => {
        throw new Error('nothing is streamed from the simulated store');
      },
    };
    return {
      init: () => Promise.resolve(),
      acquireConnection: async () => {
        await process.step();
        await turns.take(process);
        return connection;
      },
      beginTransaction: (used) => execute(used, BEGIN),
      commitTransaction: (used) => execute(used, COMMIT),
      rollbackTransaction: (used) => execute(used, ROLLBACK),
      releaseConnection: () => {
        turns.give();
        return Promise.resolve();
      },
      destroy: () => Promise.resolve(),
    };
  }

  // What refers to other rows was created after them, and goes before them.
  const emptying = database
    .prepare<[], string>("select name from sqlite_master where type = 'table' order by rowid desc")
    .pluck()
    .all()
    .filter((name) => !/^(sqlite|kysely)_/.test(name))
    .map((name) => Query.raw(`delete from "${name}"`));
  const earliest = database
    .prepare<[], number | null>('select min(max(run_at, coalesce(lease_until, 0))) from jobs')
    .pluck();
  const lease = database
    .prepare<[string, string], string | null>(
      'select lease_token from jobs where kind = ? and subject_id = ?',
    )
    .pluck();
  const unfinished = database
    .prepare<[], number>("select count(*) from jobs where kind <> 'reconciliation'")
    .pluck();
  const captures = database.prepare<[], number>('select count(*) from captures').pluck();

  return {
    onlooker,
    openFor: (process) => {
      process.onDeath(() => turns.bury(process));
      const dialect: Dialect = {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => driverFor(process),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      };
      return new Kysely<Database>({ dialect });
    },
    nextDue: () => earliest.get() ?? undefined,
    leaseOf: (kind, subjectId) => lease.get(kind, subjectId),
    isIdle: () => unfinished.get() === 0,
    countCaptures: () => captures.get() ?? 0,
    onJobsTouched: (listener) => touched.push(listener),
    empty: () => {
      touched = [];
      turns.reset();
      if (database.inTransaction) run(ROLLBACK);
      for (const query of [BEGIN, ...emptying, COMMIT]) run(query);
    },
    close: () => database.close(),
  };
}
