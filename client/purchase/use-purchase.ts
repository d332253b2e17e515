import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Order, PaymentParameters } from '@shared/contract';
import { ApiError } from '@client/api/api-error';
import { showPaymentSheet } from '@client/platform/pay';
import type { PaymentOutcome } from '@client/platform/ports';
import { api } from '@client/services';
import { keptIntent } from '@client/state/kept';
import { keys } from '@client/state/keys';
import { acceptOrder } from '@client/state/orders';
import { createIntents, randomKey } from './intents';
import type { Purchase } from './intents';

const intents = createIntents({ kept: keptIntent, newKey: randomKey, clock: Date.now });

/** Whether an error leaves open if the order was made, so that the key must be kept. */
export function leavesOpen(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.unanswered) return true;
  return error.code === 'client.unreadable' || error.code === 'internal.error';
}

async function placeOrder(purchase: Purchase): Promise<Order> {
  try {
    const order = await api('POST /orders', {
      headers: { 'idempotency-key': intents.keyFor(purchase) },
      body: purchase,
    });
    intents.settle();
    return order;
  } catch (error) {
    if (!leavesOpen(error)) intents.settle();
    throw error;
  }
}

interface Attempt {
  orderId: string;
  outcome: PaymentOutcome;
}

async function payWith(orderId: string, payment: PaymentParameters | undefined): Promise<Attempt> {
  return { orderId, outcome: payment ? await showPaymentSheet(payment) : 'failed' };
}

/** Orders a package and shows the payment sheet. What it says is no proof: see the order. */
export function usePurchase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (purchase: Purchase): Promise<Attempt> => {
      const order = await placeOrder(purchase);
      await acceptOrder(client, order);
      return payWith(order.id, order.payment);
    },
  });
}

/** Shows the payment sheet again for an order that is not paid, under its own number. */
export function usePayOrder() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (orderId: string): Promise<Attempt> => {
      const { payment } = await api('POST /orders/:orderId/payment', { params: { orderId } });
      return payWith(orderId, payment);
    },
    // Paid meanwhile, closed, or paid just now: in each case the order is not what it was.
    onSettled: (_attempt, _error, orderId) =>
      client.invalidateQueries({ queryKey: keys.order(orderId) }),
  });
}
