import type { CompiledQuery, DatabaseConnection, Driver } from 'kysely';
import { UpdateQueryNode } from 'kysely';
import { quotedNames } from './query-cache';
import type { Process } from './process';
import { never } from './process';
import { executeWithFault, faultOfBegin, type StoreFault } from './store-faults';
import type { StatementQueue } from './statement-queue';

/** The only names of a statement others must hear of again when it is committed. */
const JOBS: ReadonlySet<string> = new Set(['jobs']);

/** One connection in the hands of a process. */
interface HeldConnection {
  connection: DatabaseConnection;
  /** Ends with the last statement that was sent. */
  sent: Promise<unknown>;
  /** Whether it named the jobs, which others do not see before it is committed. */
  changedJobs: boolean;
}

/** All that one run of a process has of the store. */
export interface Session {
  driver: Driver;
  /** Rolls back what is open, as the server does for a process that is gone; nothing of it goes on. */
  end(): void;
  hasOpen(): boolean;
}

export interface SessionParts {
  process: Pick<Process, 'isAlive' | 'step' | 'stepWithin'>;
  /** The driver behind it, which knows nothing of processes. */
  inner: Driver;
  statementQueue: StatementQueue;
  /** How the statement fails that is about to be sent; undefined where it does not. */
  injectedFault: () => StoreFault | undefined;
  /** Tables and columns that an answered statement named; those of a transaction that ended. */
  onNames: (names: ReadonlySet<string>) => void;
  /** What was done may have been undone. */
  onRollback: () => void;
}

/**
 * What an UPDATE returns comes in whatever order PostgreSQL finds it, which depends on what was stored where
 * long before. Ids sort by age: so the same seed tells the same story.
 */
function sortById<Row>(rows: readonly Row[]): Row[] {
  const idOf = (row: Row) =>
    typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : '';
  return [...rows].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** Puts a process's steps, and the wire, before every statement of a driver. */
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
        throw new Error('nothing is streamed from the simulated store');
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

  /** Begins or ends a transaction: a step as every statement. */
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
      // The server does this by itself where a connection breaks, and after a commit it undoes nothing.
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
