import type { CompiledQuery, DatabaseConnection, Driver } from 'kysely';
import { UpdateQueryNode } from 'kysely';
import { namesIn } from './memory';
import type { Process } from './process';
import { never } from './process';
import { endure, failedBegin, type StoreMishap } from './store-mishap';
import type { Wire } from './wire';

/** The only names of a statement others must hear of again when it is committed. */
const JOBS: ReadonlySet<string> = new Set(['jobs']);

/** One connection in the hands of a process. */
interface Held {
  connection: DatabaseConnection;
  /** Ends with the last statement that was sent. */
  sent: Promise<unknown>;
  /** Whether it named the jobs, which others do not see before it is committed. */
  touchedJobs: boolean;
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
  wire: Wire;
  /** How the statement fails that is about to be sent; undefined where it does not. */
  mishap: () => StoreMishap | undefined;
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
  const { process, inner, wire, mishap, onNames, onRollback } = parts;
  const held = new Map<DatabaseConnection, Held>();
  let isOver = false;
  const isGone = () => isOver || !process.isAlive();

  async function send<Answer>(holding: Held, statement: () => Promise<Answer>): Promise<Answer> {
    const answer = await wire.send(() => {
      if (isGone()) return undefined;
      const sending = statement();
      holding.sent = sending.catch(() => undefined);
      return sending;
    });
    return isGone() ? never() : answer;
  }

  async function acquire(): Promise<DatabaseConnection> {
    await process.step();
    const connection = await wire.send(() => (isGone() ? undefined : inner.acquireConnection()));
    const holding: Held = { connection, sent: Promise.resolve(), touchedJobs: false };
    const gated: DatabaseConnection = {
      executeQuery: (query) => executeQuery(holding, query),
      streamQuery: () => {
        throw new Error('nothing is streamed from the simulated store');
      },
    };
    held.set(gated, holding);
    if (isGone()) bury(gated, holding);
    return isGone() ? never() : gated;
  }

  async function executeQuery<Row>(holding: Held, query: CompiledQuery) {
    await process.stepWithin();
    const names = namesIn(query.sql);
    holding.touchedJobs ||= names.has('jobs');
    try {
      const statement = () => holding.connection.executeQuery<Row>(query);
      const result = await endure(mishap(), () => send(holding, statement));
      return UpdateQueryNode.is(query.query) ? { ...result, rows: sortById(result.rows) } : result;
    } finally {
      onNames(names);
    }
  }

  /** Begins or ends a transaction: a step as every statement. */
  async function turn(
    gated: DatabaseConnection,
    statement: (held: Held) => Promise<void>,
    befalls: SessionParts['mishap'] = mishap,
  ) {
    const holding = held.get(gated) ?? (await never<Held>());
    await process.stepWithin();
    await endure(befalls(), () => send(holding, () => statement(holding)));
  }

  function bury(gated: DatabaseConnection, holding: Held): void {
    const { connection } = holding;
    const giveBack = async () => {
      await inner.rollbackTransaction(connection);
      await inner.releaseConnection(connection);
      held.delete(gated);
      onRollback();
    };
    void holding.sent.then(() => wire.send(giveBack));
  }

  return {
    hasOpen: () => held.size > 0,
    end: () => {
      if (isOver) return;
      isOver = true;
      for (const [gated, holding] of held) bury(gated, holding);
    },
    driver: {
      init: () => Promise.resolve(),
      acquireConnection: acquire,
      beginTransaction: (gated, settings) =>
        turn(
          gated,
          ({ connection }) => inner.beginTransaction(connection, settings),
          () => failedBegin(mishap()),
        ),
      commitTransaction: async (gated) => {
        try {
          await turn(gated, ({ connection }) => inner.commitTransaction(connection));
        } finally {
          if (held.get(gated)?.touchedJobs) onNames(JOBS);
        }
      },
      // The server does this by itself where a connection breaks, and after a commit it undoes nothing.
      rollbackTransaction: async (gated) => {
        const rollBack = ({ connection }: Held) => inner.rollbackTransaction(connection);
        await turn(gated, rollBack, () => undefined);
        onRollback();
      },
      releaseConnection: async (gated) => {
        const holding = held.get(gated);
        held.delete(gated);
        if (holding) await inner.releaseConnection(holding.connection);
      },
      destroy: () => Promise.resolve(),
    },
  };
}
