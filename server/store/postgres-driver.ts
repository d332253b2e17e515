import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CompiledQuery,
  DatabaseConnection,
  Driver,
  QueryResult as Answer,
  TransactionSettings,
} from 'kysely';
import { SelectQueryNode } from 'kysely';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { readPostgresFault } from './postgres-faults';

/** How long a connection is sought, and a statement repeated: as long as PostgreSQL takes to restart. */
const RETRY_WINDOW_MS = 4_000;
const RETRY_PAUSE_MS = 100;
const MAX_ATTEMPTS = 3;

/** What one caller holds of the pool, for a statement or a transaction. */
interface Lease {
  /** None after a broken one was thrown away. */
  client: PoolClient | undefined;
  /** Nothing has been done on the connection yet: another would serve just as well. */
  fresh: boolean;
  /** It must not go back into the pool. */
  broken: boolean;
}

interface Statement {
  text: string;
  parameters?: readonly unknown[];
  /** Sending it twice does no more than sending it once. */
  idempotent?: boolean;
}

const WRITES = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'];

/**
 * Kysely's driver for a pool of pg, for a server that may go away at any moment.
 *
 * While nothing was done on a connection, what finds it broken is sent again on another: BEGIN, a SELECT,
 * and whatever certainly never left this process. Anything else that meets a broken connection may have
 * been done or not, and ends as StoreUnavailable: only the caller can find out. Errors carry no values.
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
        throw new Error('rows are not streamed from PostgreSQL; read them page by page');
      },
    };
    leases.set(connection, lease);
    return connection;
  }

  function leaseOf(connection: DatabaseConnection): Lease {
    const lease = leases.get(connection);
    if (!lease) throw new Error('this connection was not lent here');
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
    commitTransaction: async (connection) => {
      const { command } = await send(pool, leaseOf(connection), { text: 'commit' });
      // What PostgreSQL answers, without an error, if a statement before had failed.
      if (command === 'ROLLBACK') {
        throw new Error('the transaction was rolled back: a statement in it had failed');
      }
    },
    rollbackTransaction: async (connection) => {
      const lease = leaseOf(connection);
      try {
        if (!lease.broken) await send(pool, lease, { text: 'rollback' });
      } catch {
        // The caller must hear why it rolls back, not this: a connection that ends rolls back as well.
        lease.broken = true;
      }
    },
    releaseConnection: (connection) => {
      const { client, broken } = leaseOf(connection);
      client?.release(broken);
      return Promise.resolve();
    },
    destroy: () => pool.end(),
  };
}

/** @throws StoreUnavailable where there was no connection to be had for some seconds */
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
