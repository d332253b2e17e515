/**
 * Waits for a task, but not longer than `waitMs`. The task goes on if it takes longer.
 * @returns undefined if the task takes longer
 * @throws what the task throws in time
 */
export async function within<Value>(
  task: Promise<Value>,
  waitMs: number,
): Promise<{ value: Value } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, waitMs, undefined);
  });
  try {
    return await Promise.race([task.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
