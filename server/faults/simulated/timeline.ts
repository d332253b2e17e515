/**
 * Simulated time. Nothing waits for real: things to come are kept by when they come, and running means
 * taking the next one, letting everything it set off come to rest, and going on.
 */
export interface Timeline {
  /** Epoch ms. */
  now(): number;
  /** Has something happen at an instant (at once, where that is past). Equal instants keep their order. */
  at(instant: number, action: () => void): void;
  sleep(ms: number): Promise<void>;
  /** Lets time pass until `until`, or until `isOver` says so after some event. */
  run(until: number, isOver?: () => boolean): Promise<void>;
}

interface Happening {
  instant: number;
  order: number;
  action: () => void;
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.instant === b.instant ? a.order < b.order : a.instant < b.instant;
}

/** A binary heap, the earliest happening on top. */
function createHeap() {
  const items: Happening[] = [];

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
    push: (item: Happening) => {
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
 * Everything simulated goes on in microtasks, so when the event loop turns, all of it waits for time.
 */
function atRest(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** @param start epoch ms */
export function createTimeline(start: number): Timeline {
  const heap = createHeap();
  let now = start;
  let count = 0;

  function at(instant: number, action: () => void): void {
    count += 1;
    heap.push({ instant: Math.max(instant, now), order: count, action });
  }

  return {
    now: () => now,
    at,
    sleep: (ms) =>
      new Promise((resolve) => {
        at(now + ms, resolve);
      }),
    run: async (until, isOver = () => false) => {
      await atRest();
      for (let next = heap.top(); next && next.instant <= until; next = heap.top()) {
        if (isOver()) return;
        heap.pop();
        now = next.instant;
        next.action();
        await atRest();
      }
      if (!isOver()) now = Math.max(now, until);
    },
  };
}
