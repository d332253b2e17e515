import type { Timeline } from './timeline';

/**
 * Puts simulated time behind `setInterval` while a schedule runs: a running job of the product renews its
 * lease by it, and must neither wait for real nor outlive the schedule.
 * @returns what puts the real one back
 */
export function installIntervals(timeline: Timeline): () => void {
  const { setInterval, clearInterval } = globalThis;
  const cleared = new WeakSet();

  function begin(action: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): object {
    const handle = {};
    const ring = () => {
      if (cleared.has(handle)) return;
      timeline.at(timeline.now() + ms, ring);
      action(...args);
    };
    timeline.at(timeline.now() + ms, ring);
    return handle;
  }

  Object.assign(globalThis, {
    setInterval: begin,
    clearInterval: (handle?: object) => {
      if (handle) cleared.add(handle);
    },
  });
  return () => {
    Object.assign(globalThis, { setInterval, clearInterval });
  };
}
