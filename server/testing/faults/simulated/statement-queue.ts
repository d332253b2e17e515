import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The way to a server of its own, on which one statement is under way at a time: the next is sent when
 * the last is answered, or waits for a lock. So the server does the same things in the same order
 * whenever the same seed is run, and takes up none of the simulated time.
 */
export interface StatementQueue {
  /**
   * Sends a statement when its turn comes.
   * @param begin sends it; undefined where nobody wants it any more: then it is not sent and never answered
   */
  send<Answer>(begin: () => Promise<Answer> | undefined): Promise<Answer>;
  /** Ends when nothing is under way but what waits for a lock; undefined where it is so. */
  inFlight(): Promise<void> | undefined;
}

interface Sent {
  /** Settled with the answer. */
  answered: Promise<unknown>;
  /** Hands the answer on; undefined as long as there is none. */
  deliver: (() => void) | undefined;
}

/** After so long without an answer somebody asks whether a statement waits for a lock, in ms. */
const POLL_MS = 5;

/** @param countBlocked asks the server how many statements wait for a lock of a transaction of ours */
export function createStatementQueue(countBlocked: () => Promise<number>): StatementQueue {
  const queue: (() => Sent | undefined)[] = [];
  /** What is not answered yet: besides the last, everything waits for locks. */
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

  /** Waits until the server does nothing, and hands all answers on. */
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
    // Where something was answered meanwhile, that may have freed others.
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
            // Answered although nothing was sent since: the server gave it up.
            start();
          });
          return sent;
        });
        start();
      }),
    inFlight: () => pumping,
  };
}
