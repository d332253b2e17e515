import { expireReport } from '../cards/card-queries';
import { ApiError } from '../lib/api-error';
import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { StoreAndClock } from '../orders/order-context';
import { checkOrderSoon } from '../orders/order-job';
import type { ParsedCallback } from '../platforms/ports';
import { findCardIdByRef, findOrderIdByDelivery } from './callback-queries';

/** The one platform that sends callbacks about deliveries and cards. */
const CALLBACK_PLATFORM = 'dakashi';

/** Anyone can send callbacks, so callbacks about one subject have an effect at most this often. */
const REPEAT_WINDOW_MS = 2_000;
const MAX_TRACKED_SUBJECTS = 5_000;

type CallbackResult = 'taken' | 'repeated' | 'unknownOrder' | 'unknownCard' | 'ignored';

/** The receiver of 大卡师's callbacks, as HTTP uses it. */
export interface CallbackService {
  /** See `receiveCallback`. */
  receive(body: Buffer): Promise<CallbackResult>;
}

interface CallbackContext extends StoreAndClock {
  read: (body: Buffer) => ParsedCallback;
  /** Subjects of callbacks that had an effect a moment ago. */
  recentSubjects: ExpiringCache<true>;
}

export function createCallbackService(
  parts: StoreAndClock & { read: (body: Buffer) => ParsedCallback },
): CallbackService {
  const context: CallbackContext = {
    ...parts,
    recentSubjects: createExpiringCache({
      max: MAX_TRACKED_SUBJECTS,
      ttlMs: REPEAT_WINDOW_MS,
      clock: parts.clock,
    }),
  };
  return { receive: (body) => receiveCallback(context, body) };
}

/**
 * Takes a callback of 大卡师. It is unsigned, so its content is not trusted: it only triggers a query about
 * an order or card that exists here. It is not stored, because orders are checked without it as well.
 * @throws ApiError `notification.invalid`
 */
async function receiveCallback(context: CallbackContext, body: Buffer): Promise<CallbackResult> {
  const callback = context.read(body);
  if (callback.outcome === 'refused')
    throw new ApiError(callback.reason, { cause: callback.message });
  switch (callback.hint.kind) {
    case 'order':
      return triggerOrderCheck(context, callback.hint.reference);
    case 'card':
      return expireCardReport(context, callback.hint.ref);
    case 'message':
      return 'ignored';
  }
}

async function triggerOrderCheck(
  context: CallbackContext,
  reference: string,
): Promise<CallbackResult> {
  const { store, clock } = context;
  const orderId = await findOrderIdByDelivery(store, CALLBACK_PLATFORM, reference);
  if (orderId === undefined) return 'unknownOrder';
  if (isRepeated(context, `order ${reference}`)) return 'repeated';
  await checkOrderSoon(store, orderId, clock());
  return 'taken';
}

async function expireCardReport(context: CallbackContext, ref: string): Promise<CallbackResult> {
  const { store } = context;
  const cardId = await findCardIdByRef(store, CALLBACK_PLATFORM, ref);
  if (cardId === undefined) return 'unknownCard';
  if (isRepeated(context, `card ${ref}`)) return 'repeated';
  await expireReport(store, cardId);
  return 'taken';
}

function isRepeated({ recentSubjects }: CallbackContext, subject: string): boolean {
  if (recentSubjects.get(subject)) return true;
  recentSubjects.set(subject, true);
  return false;
}
