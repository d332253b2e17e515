import type { ApiRequest } from '@shared/contract';
import type { Handlers } from '../contract/handlers';
import type { Purchase } from './build-order';
import { cancelOrder } from './cancel-order';
import type { CheckoutContext } from './checkout-context';
import { listOrders } from './list-orders';
import { payOrder } from './pay-order';
import { placeOrder } from './place-order';
import { readOrder, readOrderByNumber } from './read-order';

type OrderRoutes = Extract<keyof Handlers, `${string} /orders${string}`>;

/** The routes for customers' orders. */
export function orderHandlers(context: CheckoutContext): Pick<Handlers, OrderRoutes> {
  return {
    'POST /orders': async ({ auth: user, body, headers, language }) => ({
      status: 201,
      body: await placeOrder(context, {
        user,
        purchase: toPurchase(body),
        idempotencyKey: headers['idempotency-key'],
        language,
      }),
    }),
    'GET /orders': async ({ auth: { userId }, query: { limit, cursor }, language }) => ({
      status: 200,
      body: await listOrders(context, { userId, limit, cursor, language }),
    }),
    'GET /orders/:orderId': async ({ auth: { userId }, params: { orderId }, language }) => ({
      status: 200,
      body: await readOrder(context, { userId, orderId, language }),
    }),
    'GET /orders/by-number/:number': async ({
      auth: { userId },
      params: { number },
      language,
    }) => ({
      status: 200,
      body: await readOrderByNumber(context, { userId, number, language }),
    }),
    'POST /orders/:orderId/payment': async ({ auth: { userId }, params: { orderId } }) => ({
      status: 200,
      body: { payment: await payOrder(context, { userId, orderId }) },
    }),
    'POST /orders/:orderId/cancel': async ({
      auth: { userId },
      params: { orderId },
      language,
    }) => ({
      status: 200,
      body: await cancelOrder(context, { userId, orderId, language }),
    }),
  };
}

function toPurchase({ effectiveFrom, ...purchase }: ApiRequest<'POST /orders'>['body']): Purchase {
  return {
    ...purchase,
    shownFrom: effectiveFrom === undefined ? undefined : Date.parse(effectiveFrom),
  };
}
