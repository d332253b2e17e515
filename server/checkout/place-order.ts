import type { Order } from '@shared/contract';
import type { Language } from '@shared/language';
import type { UserAuth } from '../contract/caller';
import type { Purchase } from './build-order';
import type { CheckoutContext } from './checkout-context';
import { createOrder } from './create-order';
import { storeAnswer } from './idempotency-queries';
import { presentOwnOrder, requireOwnOrder } from './own-order';
import { startPayment } from './pay-order';

interface PlaceOrderInput {
  user: UserAuth;
  purchase: Purchase;
  idempotencyKey: string;
  language: Language;
}

/**
 * Places an order and creates its payment. A repeated request gets the stored answer of the first one.
 * @throws ApiError as `createOrder` and `startPayment`
 */
export async function placeOrder(
  context: CheckoutContext,
  { user, purchase, idempotencyKey, language }: PlaceOrderInput,
): Promise<Order> {
  const { order, keyRow } = await createOrder(context, { user, purchase, idempotencyKey });
  if (keyRow.answer !== null) return parseAnswer(keyRow.answer);
  const payment = await startPayment(context, order);
  const current = await requireOwnOrder(context, { userId: user.userId, orderId: order.id });
  const answer = await presentOwnOrder(context, current, { language, payment });
  return parseAnswer(await storeAnswer(context.store, keyRow, answer));
}

function parseAnswer(json: string): Order {
  // Only `storeAnswer` writes the column, and only with an order.
  return JSON.parse(json) as Order;
}
