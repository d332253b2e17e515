import { LRUCache } from 'lru-cache';
import { isYounger } from './age';

/** A value and until when it may be used. */
interface Entry<Value> {
  value: Value;
  storedAt: number;
  ttlMs: number;
}

export interface ExpiringCache<Value> {
  /** The value of a key; undefined if there is none or it has expired. */
  get(key: string): Value | undefined;
  /** @param ttlMs how long the value may be used, in ms; the cache's own time unless given */
  set(key: string, value: Value, ttlMs?: number): void;
  delete(key: string): void;
}

/**
 * Makes a cache of bounded size whose entries expire by the given clock. When it is full, the entry that
 * was not used for the longest time is evicted. An entry from the future has expired: the clock was set
 * back, and the entry's age is unknown.
 * @param max the largest number of entries
 * @param ttlMs how long a value may be used, in ms
 * @param clock epoch ms
 */
export function createExpiringCache<Value>({
  max,
  ttlMs: defaultTtlMs,
  clock,
}: {
  max: number;
  ttlMs: number;
  clock: () => number;
}): ExpiringCache<Value> {
  // Limited by size: a limited number would reserve the memory of a full cache at once.
  const entries = new LRUCache<string, Entry<Value>>({ maxSize: max, sizeCalculation: () => 1 });

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (isYounger(entry.storedAt, entry.ttlMs, clock())) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, ttlMs = defaultTtlMs) {
      entries.set(key, { value, storedAt: clock(), ttlMs });
    },
    delete(key) {
      entries.delete(key);
    },
  };
}
