import type { StoredValue } from '@client/storage';
import { createIntents, randomKey } from './intents';
import type { Intent, Purchase } from './intents';

const MINUTE = 60_000;
const purchase: Purchase = { cardId: 'card', packageId: 'p-1', effective: 'now' };

function memory<Value>(): StoredValue<Value> {
  let kept: Value | undefined;
  return {
    read: () => kept,
    write: (value) => {
      kept = value;
    },
    clear: () => {
      kept = undefined;
    },
  };
}

function intentsAt(clock: { now: number }, kept: StoredValue<Intent> = memory<Intent>()) {
  let made = 0;
  return createIntents({
    kept,
    newKey: () => `key-${String((made += 1))}`,
    clock: () => clock.now,
  });
}

test('the same purchase goes out under the same key until it is answered', () => {
  const intents = intentsAt({ now: 0 });
  expect(intents.keyFor(purchase)).toBe('key-1');
  expect(intents.keyFor({ ...purchase })).toBe('key-1');
  intents.settle();
  expect(intents.keyFor(purchase)).toBe('key-2');
});

test.each<Partial<Purchase>>([
  { cardId: 'other' },
  { packageId: 'p-2' },
  { effective: 'nextMonth' },
])('a purchase that differs in %j has a key of its own', (difference) => {
  const intents = intentsAt({ now: 0 });
  const first = intents.keyFor(purchase);
  expect(intents.keyFor({ ...purchase, ...difference })).not.toBe(first);
});

test('the key outlives the app', () => {
  const kept = memory<Intent>();
  const key = intentsAt({ now: 0 }, kept).keyFor(purchase);
  const reopened = createIntents({ kept, newKey: () => 'new', clock: () => 5 * MINUTE });
  expect(reopened.keyFor(purchase)).toBe(key);
});

test('an old key is not used again', () => {
  const clock = { now: 0 };
  const intents = intentsAt(clock);
  const first = intents.keyFor(purchase);
  clock.now = 15 * MINUTE;
  expect(intents.keyFor(purchase)).not.toBe(first);
});

test('keys are what the contract asks for, and differ', () => {
  const keys = Array.from({ length: 50 }, randomKey);
  for (const key of keys) expect(key).toMatch(/^[0-9A-Za-z-]{16,64}$/);
  expect(new Set(keys).size).toBe(keys.length);
});
