/** Runs tasks so that at most one task per key is in flight. */
export type SingleFlight<Value> = (key: string, task: () => Promise<Value>) => Promise<Value>;

/**
 * Makes a single flight: a caller whose key has a task in flight gets that task's result instead of
 * starting another one. Nothing is remembered once the task has ended, whether it succeeded or failed.
 */
export function createSingleFlight<Value>(): SingleFlight<Value> {
  const inFlight = new Map<string, Promise<Value>>();

  return (key, task) => {
    const current = inFlight.get(key);
    if (current) return current;
    const started = task().finally(() => inFlight.delete(key));
    inFlight.set(key, started);
    return started;
  };
}
