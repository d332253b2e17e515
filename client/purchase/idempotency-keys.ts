import type { ApiRequest } from '@shared/contract';
import { isRecord, isString } from '@client/lib/guards';
import type { StoredValue } from '@client/storage/stored-value';

/** The body of a request to place an order. */
export type Purchase = ApiRequest<'POST /orders'>['body'];

/** A purchase whose request has no response yet, and its idempotency key. */
export interface PendingPurchase {
  purchase: Purchase;
  key: string;
  /** When the key was made, in epoch milliseconds. */
  at: number;
}

/** After this time a purchase gets a new key. The BFF still finds an open order for the same package. */
const KEY_LIFETIME_MS = 15 * 60 * 1000;

function isPurchase(value: unknown): value is Purchase {
  return (
    isRecord(value) &&
    isString(value.cardId) &&
    isString(value.packageId) &&
    (value.effective === 'now' || value.effective === 'nextMonth')
  );
}

/** Whether a stored value is a pending purchase. */
export function isPendingPurchase(value: unknown): value is PendingPurchase {
  return (
    isRecord(value) &&
    isString(value.key) &&
    typeof value.at === 'number' &&
    isPurchase(value.purchase)
  );
}

interface IdempotencyKeyOptions {
  /** Keeps the key when the app is closed. */
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
 * Idempotency keys of purchases. Until the BFF responds, every attempt of the same purchase has the same
 * key, so that they create one order.
 */
export function createIdempotencyKeys({ stored, newKey, clock }: IdempotencyKeyOptions) {
  function startPurchase(purchase: Purchase): string {
    const pending = { purchase, key: newKey(), at: clock() };
    stored.write(pending);
    return pending.key;
  }
  return {
    /** The key to send with this purchase. */
    keyFor(purchase: Purchase): string {
      const pending = stored.read();
      const isSameAttempt =
        pending &&
        isSamePurchase(pending.purchase, purchase) &&
        clock() - pending.at < KEY_LIFETIME_MS;
      return isSameAttempt ? pending.key : startPurchase(purchase);
    },
    /** The BFF has responded: the next purchase gets a new key. */
    clear(): void {
      stored.clear();
    },
  };
}

const KEY_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Makes a unique key. It is not a secret, so `Math.random` is sufficient. */
export function randomKey(): string {
  const characters = Array.from(
    { length: 32 },
    () => KEY_CHARACTERS[Math.floor(Math.random() * KEY_CHARACTERS.length)] ?? '0',
  );
  return characters.join('');
}
