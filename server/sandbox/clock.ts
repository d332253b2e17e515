import type { DueEvent, SandboxState } from './state';

/** setTimeout takes no longer delay. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export interface SandboxClock {
  /** Sandbox time, epoch ms. */
  now(): number;
  schedule(event: DueEvent): void;
  /**
   * Moves sandbox time and runs the events that became due, in order and one after the other, including
   * those that they schedule. Resolves when no due event is left.
   */
  moveTo(instant: number): Promise<void>;
  start(): void;
  /** Runs no further event. Resolves when the running ones have ended. */
  stop(): Promise<void>;
}

interface SandboxClockOptions {
  state: Pick<SandboxState, 'clockOffsetMs' | 'agenda'>;
  clock: () => number;
  run: (event: DueEvent) => void | Promise<void>;
  onError: (error: unknown) => void;
}

/** The position after all events that are due by an instant. */
function insertionIndex(agenda: readonly DueEvent[], at: number): number {
  let [from, to] = [0, agenda.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((agenda[middle]?.at ?? 0) > at) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * Sandbox time: the real clock plus an offset, with a queue of events and one timer. Events that the timer
 * starts may overlap, so one that waits for the network does not delay the next. When the clock is moved,
 * each event waits for the one before.
 */
export function createSandboxClock(options: SandboxClockOptions): SandboxClock {
  const { state, clock, run, onError } = options;
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let started = false;
  let moving = false;
  let moveQueue: Promise<void> = Promise.resolve();

  const now = () => clock() + state.clockOffsetMs;

  function setTimer() {
    clearTimeout(timer);
    const next = state.agenda[0];
    if (!started || moving || !next) return;
    const delay = Math.min(Math.max(next.at - now(), 1), MAX_TIMEOUT_MS);
    timer = setTimeout(tick, delay);
    timer.unref();
  }

  function shiftDueEvent(): DueEvent | undefined {
    const next = state.agenda[0];
    return next && next.at <= now() ? state.agenda.shift() : undefined;
  }

  function runEvent(event: DueEvent): Promise<void> {
    const task = Promise.resolve()
      .then(() => run(event))
      .catch(onError)
      .finally(() => running.delete(task));
    running.add(task);
    return task;
  }

  function tick() {
    for (let event = shiftDueEvent(); event; event = shiftDueEvent()) void runEvent(event);
    setTimer();
  }

  async function runAllDue() {
    for (;;) {
      await Promise.all(running);
      const event = shiftDueEvent();
      if (event && started) await runEvent(event);
      else return;
    }
  }

  async function move(instant: number) {
    moving = true;
    clearTimeout(timer);
    state.clockOffsetMs = instant - clock();
    try {
      await runAllDue();
    } finally {
      moving = false;
      setTimer();
    }
  }

  return {
    now,
    schedule(event) {
      state.agenda.splice(insertionIndex(state.agenda, event.at), 0, event);
      setTimer();
    },
    moveTo(instant) {
      moveQueue = moveQueue.then(() => move(instant));
      return moveQueue;
    },
    start() {
      started = true;
      setTimer();
    },
    async stop() {
      started = false;
      clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
