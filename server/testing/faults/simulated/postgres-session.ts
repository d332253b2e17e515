import { type CompiledQuery, type DatabaseConnection, type Driver, UpdateQueryNode } from 'kysely';
import { quotedNames } from './query-cache';
import { never, type Process } from './process';
import { executeWithFault, faultOfBegin, type StoreFault } from './store-faults';
import type { StatementQueue } from './statement-queue';

/** Tables whose changes are announced again at the commit, because other processes see them only then. */
const JOBS: ReadonlySet<string> = new Set(['jobs']);

/** One connection that a process has acquired. */
interface HeldConnection {
  connection: DatabaseConnection;
  /** Settles with the last statement that was sent. */
  sent: Promise<unknown>;
  /** Whether the transaction changed jobs, which others see only after the commit. */
  changedJobs: boolean;
}

/** The connections of one process run. */
export interface Session {
  driver: Driver;
  /** Rolls back open transactions, as the server does for a process that is gone. */
  end(): void;
  hasOpen(): boolean;
}

export interface SessionParts {
  process: Pick<Process, 'isAlive' | 'step' | 'stepWithin'>;
  /** The real driver. */
  inner: Driver;
  statementQueue: StatementQueue;
  /** Draws the fault of the next statement; undefined for none. */
  injectedFault: () => StoreFault | undefined;
  /** Called with the tables and columns of every finished statement or transaction. */
  onNames: (names: ReadonlySet<string>) => void;
  /** Called when changes may have been rolled back. */
  onRollback: () => void;
}

/**
 * Sorts the rows that an UPDATE returns. PostgreSQL's own order depends on the physical layout of the table;
 * ids sort by age, so the same seed gives the same order.
 */
function sortById<Row>(rows: readonly Row[]): Row[] {
  const idOf = (row: Row) =>
    typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : '';
  return [...rows].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** Wraps a driver so that every statement is a step of a process and goes through the statement queue. */
export function openSession(parts: SessionParts): Session {
  const { process, inner, statementQueue, injectedFault, onNames, onRollback } = parts;
  const held = new Map<DatabaseConnection, HeldConnection>();
  let isOver = false;
  const isGone = () => isOver || !process.isAlive();

  async function send<Answer>(
    heldConnection: HeldConnection,
    statement: () => Promise<Answer>,
  ): Promise<Answer> {
    const answer = await statementQueue.send(() => {
      if (isGone()) return undefined;
      const sending = statement();
      heldConnection.sent = sending.catch(() => undefined);
      return sending;
    });
    return isGone() ? never() : answer;
  }

  async function acquire(): Promise<DatabaseConnection> {
    await process.step();
    const connection = await statementQueue.send(() =>
      isGone() ? undefined : inner.acquireConnection(),
    );
    const heldConnection: HeldConnection = {
      connection,
      sent: Promise.resolve(),
      changedJobs: false,
    };
    const gated: DatabaseConnection = {
      executeQuery: (query) => executeQuery(heldConnection, query),
      streamQuery: () => {
        throw new Error('the simulated store does not stream');
      },
    };
    held.set(gated, heldConnection);
    if (isGone()) rollBackAndRelease(gated, heldConnection);
    return isGone() ? never() : gated;
  }

  async function executeQuery<Row>(heldConnection: HeldConnection, query: CompiledQuery) {
    await process.stepWithin();
    const names = quotedNames(query.sql);
    heldConnection.changedJobs ||= names.has('jobs');
    try {
      const statement = () => heldConnection.connection.executeQuery<Row>(query);
      const result = await executeWithFault(injectedFault(), () => send(heldConnection, statement));
      return UpdateQueryNode.is(query.query) ? { ...result, rows: sortById(result.rows) } : result;
    } finally {
      onNames(names);
    }
  }

  /** Begins or ends a transaction, which is a step like any statement. */
  async function runTransactionStatement(
    gated: DatabaseConnection,
    statement: (held: HeldConnection) => Promise<void>,
    nextFault: SessionParts['injectedFault'] = injectedFault,
  ) {
    const heldConnection = held.get(gated) ?? (await never<HeldConnection>());
    await process.stepWithin();
    await executeWithFault(nextFault(), () =>
      send(heldConnection, () => statement(heldConnection)),
    );
  }

  function rollBackAndRelease(gated: DatabaseConnection, heldConnection: HeldConnection): void {
    const { connection } = heldConnection;
    const releaseConnection = async () => {
      await inner.rollbackTransaction(connection);
      await inner.releaseConnection(connection);
      held.delete(gated);
      onRollback();
    };
    void heldConnection.sent.then(() => statementQueue.send(releaseConnection));
  }

  return {
    hasOpen: () => held.size > 0,
    end: () => {
      if (isOver) return;
      isOver = true;
      for (const [gated, heldConnection] of held) rollBackAndRelease(gated, heldConnection);
    },
    driver: {
      init: () => Promise.resolve(),
      acquireConnection: acquire,
      beginTransaction: (gated, settings) =>
        runTransactionStatement(
          gated,
          ({ connection }) => inner.beginTransaction(connection, settings),
          () => faultOfBegin(injectedFault()),
        ),
      commitTransaction: async (gated) => {
        try {
          await runTransactionStatement(gated, ({ connection }) =>
            inner.commitTransaction(connection),
          );
        } finally {
          if (held.get(gated)?.changedJobs) onNames(JOBS);
        }
      },
      // On a broken connection the server has rolled back by itself; after a commit this has no effect.
      rollbackTransaction: async (gated) => {
        const rollBack = ({ connection }: HeldConnection) => inner.rollbackTransaction(connection);
        await runTransactionStatement(gated, rollBack, () => undefined);
        onRollback();
      },
      releaseConnection: async (gated) => {
        const heldConnection = held.get(gated);
        held.delete(gated);
        if (heldConnection) await inner.releaseConnection(heldConnection.connection);
      },
      destroy: () => Promise.resolve(),
    },
  };
}
