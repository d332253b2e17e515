import type { StoredValue } from '@client/storage/stored-value';
import { createIdempotencyKeys, randomKey } from './idempotency-keys';
import type { PendingPurchase, Purchase } from './idempotency-keys';

const MINUTE = 60_000;
const purchase: Purchase = { cardId: 'card', packageId: 'p-1', effective: 'now' };

function memory<Value>(): StoredValue<Value> {
  let stored: Value | undefined;
  return {
    read: () => stored,
    write: (value) => {
      stored = value;
    },
    clear: () => {
      stored = undefined;
    },
  };
}

function keysAt(
  clock: { now: number },
  stored: StoredValue<PendingPurchase> = memory<PendingPurchase>(),
) {
  let made = 0;
  return createIdempotencyKeys({
    stored,
    newKey: () => `key-${String((made += 1))}`,
    clock: () => clock.now,
  });
}

test('the same purchase keeps its key until the BFF responds', () => {
  const idempotencyKeys = keysAt({ now: 0 });
  expect(idempotencyKeys.keyFor(purchase)).toBe('key-1');
  expect(idempotencyKeys.keyFor({ ...purchase })).toBe('key-1');
  idempotencyKeys.clear();
  expect(idempotencyKeys.keyFor(purchase)).toBe('key-2');
});

test.each<Partial<Purchase>>([
  { cardId: 'other' },
  { packageId: 'p-2' },
  { effective: 'nextMonth' },
])('a purchase that differs in %j has its own key', (difference) => {
  const idempotencyKeys = keysAt({ now: 0 });
  const first = idempotencyKeys.keyFor(purchase);
  expect(idempotencyKeys.keyFor({ ...purchase, ...difference })).not.toBe(first);
});

test('the key is kept when the app is closed', () => {
  const stored = memory<PendingPurchase>();
  const key = keysAt({ now: 0 }, stored).keyFor(purchase);
  const reopened = createIdempotencyKeys({ stored, newKey: () => 'new', clock: () => 5 * MINUTE });
  expect(reopened.keyFor(purchase)).toBe(key);
});

test('an expired key is not used again', () => {
  const clock = { now: 0 };
  const idempotencyKeys = keysAt(clock);
  const first = idempotencyKeys.keyFor(purchase);
  clock.now = 15 * MINUTE;
  expect(idempotencyKeys.keyFor(purchase)).not.toBe(first);
});

test('keys have the format of the contract and are unique', () => {
  const keys = Array.from({ length: 50 }, randomKey);
  for (const key of keys) expect(key).toMatch(/^[0-9A-Za-z-]{16,64}$/);
  expect(new Set(keys).size).toBe(keys.length);
});
