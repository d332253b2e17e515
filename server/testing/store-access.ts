import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { parseDatabaseUrl } from '../store/database-url';

/** Synchronous access to the store beside the BFF, which keeps tests short. */
export interface StoreAccess {
  /** Runs a query; `?` are parameters. */
  rows(query: string, ...values: unknown[]): Record<string, unknown>[];
  write(statement: string, ...values: unknown[]): void;
}

export function accessStore(databaseUrl: string): StoreAccess {
  const address = parseDatabaseUrl(databaseUrl);
  return address.dialect === 'sqlite' ? accessSqlite(address.path) : accessPostgres(address.url);
}

function accessSqlite(file: string): StoreAccess {
  return {
    rows: (query, ...values) => {
      const reader = new SqliteDatabase(file, { readonly: true });
      try {
        return reader.prepare<unknown[], Record<string, unknown>>(query).all(...values);
      } finally {
        reader.close();
      }
    },
    write: (statement, ...values) => {
      const writer = new SqliteDatabase(file, { timeout: 5_000 });
      try {
        writer.prepare(statement).run(...values);
      } finally {
        writer.close();
      }
    },
  };
}

/** pg is asynchronous, so a worker thread runs the query while this thread blocks. */
function accessPostgres(url: string): StoreAccess {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(CLIENT, {
    eval: true,
    workerData: { url, port: theirs, answered },
    transferList: [theirs],
  });
  thread.unref();
  ours.unref();

  function run(text: string, values: unknown[]): Record<string, unknown>[] {
    Atomics.store(answered, 0, 0);
    ours.postMessage({ text: numbered(text), values });
    if (Atomics.wait(answered, 0, 0, TIMEOUT_MS) === 'timed-out') {
      throw new Error(`PostgreSQL did not answer: ${text}`);
    }
    const { rows, error } = (receiveMessageOnPort(ours)?.message ?? {}) as Reply;
    if (!rows) throw new Error(`${error ?? 'no answer'}: ${text}`);
    return rows;
  }

  return {
    rows: (query, ...values) => run(query, values),
    write: (statement, ...values) => void run(statement, values),
  };
}

const TIMEOUT_MS = 30_000;

interface Reply {
  rows?: Record<string, unknown>[];
  error?: string;
}

/** The worker: one connection for each statement, so that none is open when the database is dropped. */
const CLIENT = `
  const { workerData: { url, port, answered } } = require('node:worker_threads');
  const { Client, TypeOverrides, types } = require('pg');
  const overrides = new TypeOverrides();
  for (const type of ['INT8', 'NUMERIC']) overrides.setTypeParser(types.builtins[type], Number);
  port.on('message', async ({ text, values }) => {
    const client = new Client({ connectionString: url, types: overrides });
    try {
      await client.connect();
      port.postMessage({ rows: (await client.query(text, values)).rows });
    } catch (error) {
      port.postMessage({ error: error.message });
    } finally {
      await client.end();
      Atomics.store(answered, 0, 1);
      Atomics.notify(answered, 0);
    }
  });
`;

/** Replaces `?` by PostgreSQL's $1, $2, … */
function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${String((count += 1))}`);
}
