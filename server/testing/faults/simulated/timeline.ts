/**
 * Simulated time: a queue of events by their instants. Running it means to set the clock to the next event,
 * run it, wait until everything it started has settled, and go on. Nothing waits in real time.
 */
export interface Timeline {
  /** Epoch ms. */
  now(): number;
  /** Schedules an action at an instant (now, if that is past). Equal instants keep their order. */
  at(instant: number, action: () => void): void;
  sleep(ms: number): Promise<void>;
  /** Schedules an action at this instant, after everything else has settled. */
  defer(action: () => void): void;
  /** Runs until an instant, or until `isOver` holds after an event. */
  run(until: number, isOver?: () => Promise<boolean>): Promise<void>;
}

interface TimelineEvent {
  instant: number;
  order: number;
  action: () => void;
}

function isBefore(a: TimelineEvent, b: TimelineEvent): boolean {
  return a.instant === b.instant ? a.order < b.order : a.instant < b.instant;
}

/** A binary heap with the earliest event on top. */
function createHeap() {
  const items: TimelineEvent[] = [];

  function swapIfBefore(low: number, high: number): boolean {
    const [a, b] = [items[low], items[high]];
    if (!a || !b || !isBefore(b, a)) return false;
    items[low] = b;
    items[high] = a;
    return true;
  }

  function sink(start: number): void {
    let index = start;
    for (;;) {
      const [left, right] = [items[2 * index + 1], items[2 * index + 2]];
      if (!left) return;
      const child = right && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
      if (!swapIfBefore(index, child)) return;
      index = child;
    }
  }

  return {
    top: () => items[0],
    push: (item: TimelineEvent) => {
      let index = items.push(item) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (!swapIfBefore(parent, index)) return;
        index = parent;
      }
    },
    pop: () => {
      const [first, last] = [items[0], items.pop()];
      if (last && items.length > 0) {
        items[0] = last;
        sink(0);
      }
      return first;
    },
  };
}

/**
 * Resolves when no microtask is left: all simulated work runs in microtasks, and Node runs the nextTick
 * queue after them (Node.js documentation, process.nextTick). Cheaper than a turn of the event loop.
 */
function flushMicrotasks(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

/**
 * @param start epoch ms
 * @param inFlight resolves when work outside this process has ended; simulated time stands still meanwhile
 */
export function createTimeline(
  start: number,
  inFlight: () => Promise<void> | undefined = () => undefined,
): Timeline {
  const heap = createHeap();
  const defer: (() => void)[] = [];
  let now = start;
  let count = 0;

  function at(instant: number, action: () => void): void {
    count += 1;
    heap.push({ instant: Math.max(instant, now), order: count, action });
  }

  /** Resolves when all work waits for a later event. */
  async function drain(): Promise<void> {
    for (;;) {
      await flushMicrotasks();
      const work = inFlight();
      const action = work ? undefined : defer.shift();
      if (!work && !action) return;
      action?.();
      await work;
    }
  }

  return {
    now: () => now,
    at,
    defer: (action) => defer.push(action),
    sleep: (ms) =>
      new Promise((resolve) => {
        at(now + ms, resolve);
      }),
    run: async (until, isOver = () => Promise.resolve(false)) => {
      await drain();
      for (let next = heap.top(); next && next.instant <= until; next = heap.top()) {
        if (await isOver()) return;
        heap.pop();
        now = next.instant;
        next.action();
        await drain();
      }
      if (!(await isOver())) now = Math.max(now, until);
    },
  };
}
