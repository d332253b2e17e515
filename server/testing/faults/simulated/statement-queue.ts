import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Sends statements to a real server one at a time: the next is sent when the last was answered or waits for
 * a lock. So the server executes the same statements in the same order for the same seed, and simulated
 * time stands still meanwhile.
 */
export interface StatementQueue {
  /**
   * Sends a statement when its turn comes.
   * @param begin sends it, or returns undefined if its process is dead: then it is never answered
   */
  send<Answer>(begin: () => Promise<Answer> | undefined): Promise<Answer>;
  /** Resolves when every statement in flight waits for a lock; undefined where that is already so. */
  inFlight(): Promise<void> | undefined;
}

interface Sent {
  /** Settled with the answer. */
  answered: Promise<unknown>;
  /** Passes the answer on; undefined before there is one. */
  deliver: (() => void) | undefined;
}

/** How long to wait for an answer before asking the server which statements are blocked, in ms. */
const POLL_MS = 5;

/** @param countBlocked queries how many statements wait for a lock of one of our transactions */
export function createStatementQueue(countBlocked: () => Promise<number>): StatementQueue {
  const queue: (() => Sent | undefined)[] = [];
  /** Statements without an answer: all but the last wait for locks. */
  let sentStatements: Sent[] = [];
  let pumping: Promise<void> | undefined;

  function start(): void {
    pumping ??= pump();
  }

  async function pump(): Promise<void> {
    await waitUntilIdle();
    for (let next = queue.shift(); next; next = queue.shift()) {
      const sent = next();
      if (!sent) continue;
      sentStatements.push(sent);
      await waitUntilIdle();
    }
    pumping = undefined;
  }

  /** Waits until the server is idle, and passes all answers on. */
  async function waitUntilIdle(): Promise<void> {
    do {
      const answers = unansweredStatements().map(({ answered }) => answered);
      if (answers.length > 0) await Promise.race([...answers, sleep(POLL_MS)]);
    } while (!(await isIdle()));
    const answers = sentStatements.map(({ deliver }) => deliver);
    sentStatements = unansweredStatements();
    for (const deliver of answers) deliver?.();
  }

  function unansweredStatements(): Sent[] {
    return sentStatements.filter(({ deliver }) => !deliver);
  }

  async function isIdle(): Promise<boolean> {
    const before = unansweredStatements().length;
    if (before === 0) return true;
    const waiting = await countBlocked();
    // A statement that was answered meanwhile may have released the lock of another.
    return waiting === before && unansweredStatements().length === before;
  }

  return {
    send: (begin) =>
      new Promise((resolve) => {
        queue.push(() => {
          const sending = begin();
          if (!sending) return undefined;
          const sent: Sent = { answered: Promise.allSettled([sending]), deliver: undefined };
          void sent.answered.then(() => {
            sent.deliver = () => resolve(sending);
            // Answered without a further statement: the server ended the wait (deadlock, timeout).
            start();
          });
          return sent;
        });
        start();
      }),
    inFlight: () => pumping,
  };
}
