import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The way to a server of its own, on which one statement is under way at a time: the next is sent when
 * the last is answered, or waits for a lock. So the server does the same things in the same order
 * whenever the same seed is run, and takes up none of the simulated time.
 */
export interface Wire {
  /**
   * Sends a statement when its turn comes.
   * @param begin sends it; undefined where nobody wants it any more: then it is not sent and never answered
   */
  send<Answer>(begin: () => Promise<Answer> | undefined): Promise<Answer>;
  /** Ends when nothing is under way but what waits for a lock; undefined where it is so. */
  underWay(): Promise<void> | undefined;
}

interface Sent {
  /** Settled with the answer. */
  answered: Promise<unknown>;
  /** Hands the answer on; undefined as long as there is none. */
  deliver: (() => void) | undefined;
}

/** After so long without an answer somebody asks whether a statement waits for a lock, in ms. */
const LOOK_MS = 5;

/** @param countWaiting asks the server how many statements wait for a lock of a transaction of ours */
export function createWire(countWaiting: () => Promise<number>): Wire {
  const queue: (() => Sent | undefined)[] = [];
  /** What is not answered yet: besides the last, everything waits for locks. */
  let open: Sent[] = [];
  let pumping: Promise<void> | undefined;

  function start(): void {
    pumping ??= pump();
  }

  async function pump(): Promise<void> {
    await settle();
    for (let next = queue.shift(); next; next = queue.shift()) {
      const sent = next();
      if (!sent) continue;
      open.push(sent);
      await settle();
    }
    pumping = undefined;
  }

  /** Waits until the server does nothing, and hands all answers on. */
  async function settle(): Promise<void> {
    do {
      const answers = unanswered().map(({ answered }) => answered);
      if (answers.length > 0) await Promise.race([...answers, sleep(LOOK_MS)]);
    } while (!(await isQuiet()));
    const answers = open.map(({ deliver }) => deliver);
    open = unanswered();
    for (const deliver of answers) deliver?.();
  }

  function unanswered(): Sent[] {
    return open.filter(({ deliver }) => !deliver);
  }

  async function isQuiet(): Promise<boolean> {
    const before = unanswered().length;
    if (before === 0) return true;
    const waiting = await countWaiting();
    // Where something was answered meanwhile, that may have freed others.
    return waiting === before && unanswered().length === before;
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
    underWay: () => pumping,
  };
}
