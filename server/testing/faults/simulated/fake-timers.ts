import type { Timeline } from './timeline';

/**
 * Replaces `setInterval` and `setImmediate` by versions in simulated time while a schedule runs. The BFF
 * renews leases with the first, which must not wait in real time or outlive the schedule. It groups writes
 * of one instant with the second, and simulated time must not advance before that.
 * @returns a function that restores the real ones
 */
export function installTimers(timeline: Timeline): () => void {
  const { setInterval, clearInterval, setImmediate } = globalThis;
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
    setImmediate: (action: (...args: unknown[]) => void, ...args: unknown[]) => {
      timeline.defer(() => action(...args));
      return {};
    },
  });
  return () => {
    Object.assign(globalThis, { setInterval, clearInterval, setImmediate });
  };
}
