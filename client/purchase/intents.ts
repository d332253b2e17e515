import type { ApiRequest } from '@shared/contract';
import { isRecord, isString } from '@client/storage';
import type { StoredValue } from '@client/storage';

/** What somebody is about to buy. */
export type Purchase = ApiRequest<'POST /orders'>['body'];

/** A purchase that was asked for, and the key it was asked under. */
export interface Intent {
  purchase: Purchase;
  key: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Later than this the order it may have made is better found through the BFF than repeated. */
const GOOD_FOR_MS = 15 * 60 * 1000;

function isPurchase(value: unknown): value is Purchase {
  return (
    isRecord(value) &&
    isString(value.cardId) &&
    isString(value.packageId) &&
    (value.effective === 'now' || value.effective === 'nextMonth')
  );
}

/** Recognises an intent. */
export function isIntent(value: unknown): value is Intent {
  return (
    isRecord(value) &&
    isString(value.key) &&
    typeof value.at === 'number' &&
    isPurchase(value.purchase)
  );
}

interface IntentParts {
  /** Kept on the phone, so that closing the app does not lose the key. */
  kept: StoredValue<Intent>;
  /** A new key: 16 to 64 letters, digits or hyphens. */
  newKey(): string;
  /** Epoch milliseconds. */
  clock(): number;
}

function isSame(one: Purchase, other: Purchase): boolean {
  return (
    one.cardId === other.cardId &&
    one.packageId === other.packageId &&
    one.effective === other.effective
  );
}

/**
 * Idempotency keys of purchases. Until the BFF has answered, the same purchase goes out under the same
 * key however often it is tried, so that it makes one order.
 */
export function createIntents({ kept, newKey, clock }: IntentParts) {
  function begin(purchase: Purchase): string {
    const intent = { purchase, key: newKey(), at: clock() };
    kept.write(intent);
    return intent.key;
  }
  return {
    /** The key to send this purchase under. */
    keyFor(purchase: Purchase): string {
      const open = kept.read();
      const goesOn = open && isSame(open.purchase, purchase) && clock() - open.at < GOOD_FOR_MS;
      return goesOn ? open.key : begin(purchase);
    },
    /** The BFF has answered: the next purchase is a new one. */
    settle(): void {
      kept.clear();
    },
  };
}

const KEY_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A key nobody else makes: unique is enough, it protects nothing. */
export function randomKey(): string {
  const characters = Array.from(
    { length: 32 },
    () => KEY_CHARACTERS[Math.floor(Math.random() * KEY_CHARACTERS.length)] ?? '0',
  );
  return characters.join('');
}
