import { expireReport } from '../cards/card-queries';
import { checkOrderSoon } from '../orders/order-queries';
import type { ParsedCallback } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import { isYounger } from '../lib/age';
import type { Store } from '../store/store';

/** Anybody can send a callback: one for the same thing has its effect no more often than this. */
const REPEAT_WINDOW_MS = 2_000;
const MAX_TRACKED_KEYS = 5_000;

export type CallbackResult = 'taken' | 'repeated' | 'unknownOrder' | 'unknownCard' | 'ignored';

export interface CallbackService {
  /**
   * Takes a callback of 大卡师. It is unsigned, so nothing of what it says is believed: it is the reason to
   * ask about an order or a card that we know, and nothing else. Nothing of it needs to be kept, for the
   * clocks of orders ask by themselves.
   * @throws ApiError `notification.invalid`
   */
  receive(body: Buffer): Promise<CallbackResult>;
}

export function createCallbackService({
  store,
  clock,
  read,
}: {
  store: Store;
  clock: () => number;
  read: (body: Buffer) => ParsedCallback;
}): CallbackService {
  const lastHandledAt = new Map<string, number>();

  function isRepeated(key: string): boolean {
    const now = clock();
    if (isYounger(lastHandledAt.get(key), REPEAT_WINDOW_MS, now)) return true;
    if (lastHandledAt.size >= MAX_TRACKED_KEYS) lastHandledAt.clear();
    lastHandledAt.set(key, now);
    return false;
  }

  async function triggerOrderCheck(reference: string): Promise<CallbackResult> {
    const delivery = await store
      .selectFrom('deliveries')
      .select('order_id')
      .where('platform', '=', 'dakashi')
      .where('reference', '=', reference)
      .executeTakeFirst();
    if (!delivery) return 'unknownOrder';
    if (isRepeated(`order ${reference}`)) return 'repeated';
    await checkOrderSoon(store, delivery.order_id, clock());
    return 'taken';
  }

  async function expireCardReport(ref: string): Promise<CallbackResult> {
    const card = await store
      .selectFrom('cards')
      .select('id')
      .where('platform', '=', 'dakashi')
      .where('ref', '=', ref)
      .executeTakeFirst();
    if (!card) return 'unknownCard';
    if (isRepeated(`card ${ref}`)) return 'repeated';
    await expireReport(store, card.id);
    return 'taken';
  }

  return {
    receive: (body) => {
      const reading = read(body);
      if (reading.outcome === 'refused') {
        return Promise.reject(new ApiError(reading.reason, { cause: reading.message }));
      }
      switch (reading.hint.kind) {
        case 'order':
          return triggerOrderCheck(reading.hint.reference);
        case 'card':
          return expireCardReport(reading.hint.ref);
        case 'message':
          return Promise.resolve('ignored');
      }
    },
  };
}
