import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult as Answer,
  SelectQueryNode,
  type TransactionSettings,
} from 'kysely';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { readPostgresFault } from './postgres-faults';

/** How long connecting and statements are retried: about as long as PostgreSQL takes to restart. */
const RETRY_WINDOW_MS = 4_000;
const RETRY_PAUSE_MS = 100;
const MAX_ATTEMPTS = 3;

/** A connection of the pool that a caller holds for a statement or a transaction. */
interface Lease {
  /** Undefined after a broken one was discarded. */
  client: PoolClient | undefined;
  /** No statement was executed on it yet, so another connection can replace it. */
  fresh: boolean;
  /** It must not return to the pool. */
  broken: boolean;
}

interface Statement {
  text: string;
  parameters?: readonly unknown[];
  /** Whether sending it twice has the same effect as once. */
  idempotent?: boolean;
}

const WRITES = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'];

/**
 * Kysely's driver for a pool of pg that handles a server which restarts at any moment.
 *
 * If a fresh connection turns out to be broken, the statement is sent again on another one: BEGIN, a SELECT,
 * and any statement that was certainly not sent. Any other statement on a broken connection may or may not
 * have been executed and fails with StoreUnavailable: only the caller can find out. Errors contain no values.
 */
export function createPostgresDriver(pool: Pool): Driver {
  const leases = new WeakMap<DatabaseConnection, Lease>();

  function createLease(client: PoolClient): DatabaseConnection {
    const lease: Lease = { client, fresh: true, broken: false };
    const connection: DatabaseConnection = {
      executeQuery: async <Row>(query: CompiledQuery): Promise<Answer<Row>> => {
        const { sql: text, parameters } = query;
        const repeatable = SelectQueryNode.is(query.query);
        const { command, rowCount, rows } = await send(pool, lease, {
          text,
          parameters,
          idempotent: repeatable,
        });
        const affected = WRITES.includes(command) && { numAffectedRows: BigInt(rowCount ?? 0) };
        return { rows: rows as Row[], ...affected };
      },
      streamQuery: () => {
        throw new Error('the PostgreSQL driver does not stream; read rows in pages');
      },
    };
    leases.set(connection, lease);
    return connection;
  }

  function leaseOf(connection: DatabaseConnection): Lease {
    const lease = leases.get(connection);
    if (!lease) throw new Error('this connection is not of this driver');
    return lease;
  }

  return {
    init: () => Promise.resolve(),
    acquireConnection: async () => createLease(await connect(pool)),
    beginTransaction: async (connection, settings) => {
      await send(pool, leaseOf(connection), {
        text: startTransactionSql(settings),
        idempotent: true,
      });
    },
    commitTransaction: (connection) => commit(pool, leaseOf(connection)),
    rollbackTransaction: (connection) => rollBack(pool, leaseOf(connection)),
    releaseConnection: (connection) => {
      const { client, broken } = leaseOf(connection);
      client?.release(broken);
      return Promise.resolve();
    },
    destroy: () => pool.end(),
  };
}

/** @throws Error if PostgreSQL rolled the transaction back instead */
async function commit(pool: Pool, lease: Lease): Promise<void> {
  const { command } = await send(pool, lease, { text: 'commit' });
  // PostgreSQL's reply to COMMIT, without an error, after a failed statement.
  if (command === 'ROLLBACK') {
    throw new Error('the transaction was rolled back: a statement in it had failed');
  }
}

async function rollBack(pool: Pool, lease: Lease): Promise<void> {
  try {
    if (!lease.broken) await send(pool, lease, { text: 'rollback' });
  } catch {
    // Not thrown: the caller must see the error that led here, and closing the connection rolls back too.
    lease.broken = true;
  }
}

/** @throws StoreUnavailable if there is no connection within RETRY_WINDOW_MS */
async function connect(pool: Pool): Promise<PoolClient> {
  const deadline = performance.now() + RETRY_WINDOW_MS;
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      const fault = readPostgresFault(error);
      if (!fault.connectionLost || performance.now() >= deadline) throw fault.error;
      await sleep(RETRY_PAUSE_MS);
    }
  }
}

async function send(pool: Pool, lease: Lease, statement: Statement): Promise<QueryResult> {
  const deadline = performance.now() + RETRY_WINDOW_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      lease.client ??= await connect(pool);
      const result = await lease.client.query(statement.text, [...(statement.parameters ?? [])]);
      lease.fresh = false;
      return result;
    } catch (error) {
      const fault = readPostgresFault(error);
      if (fault.connectionLost) lease.broken = true;
      else lease.fresh = false;
      const canRetry = lease.fresh && (fault.unsent || statement.idempotent === true);
      if (!canRetry || attempt >= MAX_ATTEMPTS || performance.now() >= deadline) throw fault.error;
      discard(lease);
    }
  }
}

function discard(lease: Lease): void {
  lease.client?.release(true);
  lease.client = undefined;
  lease.broken = false;
}

function startTransactionSql({ isolationLevel, accessMode }: TransactionSettings): string {
  const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
  return `start transaction${level}${accessMode === undefined ? '' : ` ${accessMode}`}`;
}
