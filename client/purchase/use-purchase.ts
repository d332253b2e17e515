import { useRef } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { UseMutationResult } from '@tanstack/react-query';
import type { Order, PaymentParameters } from '@shared/contract';
import { ApiError } from '@client/api/api-error';
import { showPaymentSheet } from '@client/platform/pay';
import type { PaymentOutcome } from '@client/platform/ports';
import { api } from '@client/api/services';
import { phoneStoredValue } from '@client/storage/phone-storage';
import { keys } from '@client/state/keys';
import { updateOrderCache } from '@client/state/orders';
import { createIdempotencyKeys, isPendingPurchase, randomKey } from './idempotency-keys';
import type { Purchase } from './idempotency-keys';

/** The purchase that the BFF has not answered yet, kept on the phone. */
export const storedPendingPurchase = phoneStoredValue('liuka.intent', isPendingPurchase);

const idempotencyKeys = createIdempotencyKeys({
  stored: storedPendingPurchase,
  newKey: randomKey,
  clock: Date.now,
});

/** Whether the order may have been placed despite the error, so that the key must be kept. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.hasNoResponse) return true;
  return error.code === 'client.unreadable' || error.code === 'internal.error';
}

async function placeOrder(purchase: Purchase): Promise<Order> {
  try {
    const order = await api('POST /orders', {
      headers: { 'idempotency-key': idempotencyKeys.keyFor(purchase) },
      body: purchase,
    });
    idempotencyKeys.clear();
    return order;
  } catch (error) {
    if (!isOutcomeUnknown(error)) idempotencyKeys.clear();
    throw error;
  }
}

interface PaymentAttempt {
  orderId: string;
  outcome: PaymentOutcome;
}

async function payOrder(
  orderId: string,
  payment: PaymentParameters | undefined,
): Promise<PaymentAttempt> {
  return { orderId, outcome: payment ? await showPaymentSheet(payment) : 'failed' };
}

type OneAtATime<Data, Variables> = Pick<
  UseMutationResult<Data, Error, Variables>,
  'mutate' | 'error' | 'isPending' | 'reset'
>;

/**
 * A mutation that runs once at a time. While the phone is busy, a second tap comes before React has shown
 * that the first one is pending.
 */
function useOneAtATime<Data, Variables>({
  mutateAsync,
  error,
  isPending,
  reset,
}: UseMutationResult<Data, Error, Variables>): OneAtATime<Data, Variables> {
  const isRunning = useRef(false);
  return {
    mutate: (...call) => {
      if (isRunning.current) return;
      isRunning.current = true;
      mutateAsync(...call)
        // The mutation has its error as a value.
        .catch(() => undefined)
        .finally(() => {
          isRunning.current = false;
        });
    },
    error,
    isPending,
    reset,
  };
}

/** Places an order and shows the payment sheet. Its outcome is no proof of payment; the order is. */
export function usePurchase(): OneAtATime<PaymentAttempt, Purchase> {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: async (purchase: Purchase): Promise<PaymentAttempt> => {
      const order = await placeOrder(purchase);
      await updateOrderCache(client, order);
      return payOrder(order.id, order.payment);
    },
    // The packages on sale or their dates may have changed since they were shown.
    onError: (error, { cardId }) =>
      error instanceof ApiError && error.code.startsWith('package.')
        ? client.invalidateQueries({ queryKey: keys.packages(cardId) })
        : undefined,
  });
  return useOneAtATime(mutation);
}

/** Shows the payment sheet again for an unpaid order. */
export function usePayOrder(): OneAtATime<PaymentAttempt, string> {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: async (orderId: string): Promise<PaymentAttempt> => {
      const { payment } = await api('POST /orders/:orderId/payment', { params: { orderId } });
      return payOrder(orderId, payment);
    },
    // The order may have been paid or closed in the meantime.
    onSettled: (_attempt, _error, orderId) =>
      client.invalidateQueries({ queryKey: keys.order(orderId) }),
  });
  return useOneAtATime(mutation);
}
