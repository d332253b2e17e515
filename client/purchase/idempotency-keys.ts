import type { ApiRequest } from '@shared/contract';
import { isRecord, isString } from '@client/lib/guards';
import type { StoredValue } from '@client/storage/stored-value';

/** What somebody is about to buy. */
export type Purchase = ApiRequest<'POST /orders'>['body'];

/** A purchase that was asked for, and the key it was asked under. */
export interface PendingPurchase {
  purchase: Purchase;
  key: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Later than this the order it may have made is better found through the BFF than repeated. */
const KEY_LIFETIME_MS = 15 * 60 * 1000;

function isPurchase(value: unknown): value is Purchase {
  return (
    isRecord(value) &&
    isString(value.cardId) &&
    isString(value.packageId) &&
    (value.effective === 'now' || value.effective === 'nextMonth')
  );
}

/** Recognises an intent. */
export function isPendingPurchase(value: unknown): value is PendingPurchase {
  return (
    isRecord(value) &&
    isString(value.key) &&
    typeof value.at === 'number' &&
    isPurchase(value.purchase)
  );
}

interface IdempotencyKeyOptions {
  /** Kept on the phone, so that closing the app does not lose the key. */
  stored: StoredValue<PendingPurchase>;
  /** A new key: 16 to 64 letters, digits or hyphens. */
  newKey(): string;
  /** Epoch milliseconds. */
  clock(): number;
}

function isSamePurchase(one: Purchase, other: Purchase): boolean {
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
export function createIdempotencyKeys({ stored, newKey, clock }: IdempotencyKeyOptions) {
  function startPurchase(purchase: Purchase): string {
    const pending = { purchase, key: newKey(), at: clock() };
    stored.write(pending);
    return pending.key;
  }
  return {
    /** The key to send this purchase under. */
    keyFor(purchase: Purchase): string {
      const pending = stored.read();
      const isSameAttempt =
        pending &&
        isSamePurchase(pending.purchase, purchase) &&
        clock() - pending.at < KEY_LIFETIME_MS;
      return isSameAttempt ? pending.key : startPurchase(purchase);
    },
    /** The BFF has answered: the next purchase is a new one. */
    clear(): void {
      stored.clear();
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
