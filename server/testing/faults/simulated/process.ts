import type { Prng } from './prng';
import type { Timeline } from './timeline';

/**
 * One run of a BFF process. Every effect it has outside itself, in the store and over the network, passes
 * through `step`: there it can be killed, frozen or delayed. A killed process takes no further step.
 */
export interface Process {
  readonly name: string;
  isAlive(): boolean;
  /**
   * Resolves when the process may go on; never, once it is dead.
   * @param isBeforeWrite whether a call follows that changes something at a platform
   */
  step(isBeforeWrite?: boolean): Promise<void>;
  /** Like `step`, but is not delayed by a freeze: for statements that others wait for. */
  stepWithin(): Promise<void>;
  /** Ends it at once, as `kill -9` does. */
  kill(): void;
  /** Cancels the planned kill. */
  disarm(): void;
  /** Suspends all of it until an instant (epoch ms), like a suspended machine. */
  freeze(until: number): void;
  onDeath(listener: () => void): void;
}

/** When processes are suspended between two of their steps, as by SIGSTOP: timers and network go on. */
export interface Pauses {
  /** Draws how long a process is suspended at a step, in ms; 0 for not at all. */
  draw(isBeforeWrite: boolean): number;
}

export interface ProcessPlan {
  /** The step at which it is killed; undefined for never. */
  killAfterSteps: number | undefined;
  /** The share of steps at which it yields to other events, 0 to 1. */
  yieldShare: number;
}

/** Never settles: what the code of a dead process waits for. */
export function never<Value>(): Promise<Value> {
  return new Promise<Value>(() => undefined);
}

export function createProcess(
  name: string,
  { killAfterSteps, yieldShare }: ProcessPlan,
  {
    timeline,
    prng,
    pauses,
    onPause,
  }: {
    timeline: Timeline;
    prng: Prng;
    pauses: Pauses;
    onPause: (process: Process, ms: number) => void;
  },
): Process {
  const listeners: (() => void)[] = [];
  let alive = true;
  let steps = 0;
  let isDisarmed = false;
  let frozenUntil = 0;

  function kill(): void {
    if (!alive) return;
    alive = false;
    for (const listener of listeners) listener();
  }

  async function stepWithin(): Promise<void> {
    steps += 1;
    if (steps === killAfterSteps && !isDisarmed) kill();
    if (alive && yieldShare > 0 && prng.chance(yieldShare))
      await timeline.sleep(prng.between(0, 3));
    if (!alive) await never();
  }

  function freeze(until: number): void {
    frozenUntil = Math.max(frozenUntil, until);
  }

  function pause(isBeforeWrite: boolean): void {
    const ms = alive ? pauses.draw(isBeforeWrite) : 0;
    if (ms === 0) return;
    freeze(timeline.now() + ms);
    onPause(process, ms);
  }

  async function step(isBeforeWrite = false): Promise<void> {
    pause(isBeforeWrite);
    if (frozenUntil > timeline.now()) await timeline.sleep(frozenUntil - timeline.now());
    await stepWithin();
  }

  const process: Process = {
    name,
    isAlive: () => alive,
    step,
    stepWithin,
    kill,
    disarm: () => {
      isDisarmed = true;
    },
    freeze,
    onDeath: (listener) => {
      listeners.push(listener);
    },
  };
  return process;
}
