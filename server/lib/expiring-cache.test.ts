import { createExpiringCache } from './expiring-cache';

let now = 1_000_000;
const clock = () => now;

beforeEach(() => {
  now = 1_000_000;
});

test('a value can be read until its time is over', () => {
  const cache = createExpiringCache<string>({ max: 10, ttlMs: 100, clock });
  cache.set('a', 'one');
  now += 99;
  expect(cache.get('a')).toBe('one');
  now += 1;
  expect(cache.get('a')).toBeUndefined();
});

test('a value can have a time of its own', () => {
  const cache = createExpiringCache<string>({ max: 10, ttlMs: 100, clock });
  cache.set('a', 'one', 10);
  now += 10;
  expect(cache.get('a')).toBeUndefined();
});

test('a value stored in the future has expired: the clock was set back', () => {
  const cache = createExpiringCache<string>({ max: 10, ttlMs: 100, clock });
  cache.set('a', 'one');
  now -= 1;
  expect(cache.get('a')).toBeUndefined();
  now += 1;
  expect(cache.get('a')).toBeUndefined();
});

test('a full cache evicts the value that was not used for the longest time', () => {
  const cache = createExpiringCache<string>({ max: 2, ttlMs: 100, clock });
  cache.set('a', 'one');
  cache.set('b', 'two');
  cache.get('a');
  cache.set('c', 'three');
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['one', undefined, 'three']);
});

test('a deleted value is gone', () => {
  const cache = createExpiringCache<string>({ max: 2, ttlMs: 100, clock });
  cache.set('a', 'one');
  cache.delete('a');
  expect(cache.get('a')).toBeUndefined();
});
