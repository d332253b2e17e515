import type { Prng } from './prng';
import type { Timeline } from './timeline';

/**
 * One run of the BFF's program, from its start to its death. Everything it does to the world outside
 * itself, to the store and over the network, passes through `step`: there it can be killed, held up or
 * merely delayed, and afterwards nothing of it goes on.
 */
export interface Process {
  readonly name: string;
  isAlive(): boolean;
  /** Goes on, sooner or later; never, once the process is dead. */
  step(): Promise<void>;
  /** As `step`, for what cannot be held up because others wait for it. */
  stepWithin(): Promise<void>;
  /** Stops it where it stands, as `kill -9` does. */
  kill(): void;
  /** From now on it dies of nothing but `kill`. */
  disarm(): void;
  /** Holds it up as a whole until an instant (epoch ms), as a suspended machine is. */
  freeze(until: number): void;
  onDeath(listener: () => void): void;
}

export interface ProcessPlan {
  /** After how many steps it dies of itself; undefined for never. */
  killAfterSteps: number | undefined;
  /** In which share of its steps others get a turn first, 0 to 1. */
  yieldShare: number;
}

/** What a dead process waits for. */
export function never<Value>(): Promise<Value> {
  return new Promise<Value>(() => undefined);
}

export function createProcess(
  name: string,
  { killAfterSteps, yieldShare }: ProcessPlan,
  { timeline, chance }: { timeline: Timeline; chance: Prng },
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
    if (alive && yieldShare > 0 && chance.chance(yieldShare))
      await timeline.sleep(chance.between(0, 3));
    if (!alive) await never();
  }

  async function step(): Promise<void> {
    if (frozenUntil > timeline.now()) await timeline.sleep(frozenUntil - timeline.now());
    await stepWithin();
  }

  return {
    name,
    isAlive: () => alive,
    step,
    stepWithin,
    kill,
    disarm: () => {
      isDisarmed = true;
    },
    freeze: (until) => {
      frozenUntil = Math.max(frozenUntil, until);
    },
    onDeath: (listener) => {
      listeners.push(listener);
    },
  };
}
