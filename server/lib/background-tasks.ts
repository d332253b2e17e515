/** Tasks that may go on after the request that started them was answered. */
export interface BackgroundTasks {
  /** Tracks a task until it ends. Its unexpected errors are reported. */
  add(task: Promise<unknown>): void;
  /** Resolves once no task is left. To be awaited before what the tasks use is closed. */
  settled(): Promise<void>;
}

/**
 * @param onError called with the error of a task that failed, unless `isExpected`
 * @param isExpected whether an error says nothing that the request was not answered with
 */
export function createBackgroundTasks({
  onError,
  isExpected,
}: {
  onError: (error: unknown) => void;
  isExpected: (error: unknown) => boolean;
}): BackgroundTasks {
  const running = new Set<Promise<void>>();

  return {
    add(task) {
      const ended = task
        .then(
          () => undefined,
          (error: unknown) => {
            if (!isExpected(error)) onError(error);
          },
        )
        .finally(() => running.delete(ended));
      running.add(ended);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
