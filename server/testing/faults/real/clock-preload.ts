import { readFileSync } from 'node:fs';

/**
 * Loaded before a program (`node --require`), this shifts `Date` by the number of milliseconds in the file
 * that FAULTS_CLOCK names, and follows its changes. Timers are not affected.
 */

/** How long the offset is cached, in ms. */
const FRESH_MS = 5;

function createOffset(file: string): () => number {
  let offset = 0;
  let readAt = -Infinity;
  return () => {
    const now = performance.now();
    if (now - readAt >= FRESH_MS) {
      offset = Number(readFileSync(file, 'utf8'));
      readAt = now;
    }
    return offset;
  };
}

function shiftDate(offset: () => number): void {
  const RealDate = Date;
  const realNow = Date.now;
  const now = () => realNow() + offset();
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parts: unknown[], newTarget) =>
      Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
  });
}

const { FAULTS_CLOCK } = process.env;
if (FAULTS_CLOCK === undefined) throw new Error('FAULTS_CLOCK names no file');
shiftDate(createOffset(FAULTS_CLOCK));
