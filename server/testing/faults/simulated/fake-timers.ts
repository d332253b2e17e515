import type { Timeline } from './timeline';

/**
 * Puts simulated time behind `setInterval` and `setImmediate` while a schedule runs. A running job of the
 * product renews its lease by the first, and must neither wait for real nor outlive the schedule; by the
 * second it gathers writes of one instant, and the next instant must not come before they are gathered.
 * @returns what puts the real ones back
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
