import type { Handlers } from '../contract/handlers';
import type { OrderService } from './order-service';

type OrderRoutes = Extract<keyof Handlers, `${string} /orders${string}`>;

/** What customers do with orders, over HTTP. */
export function orderHandlers(orders: OrderService): Pick<Handlers, OrderRoutes> {
  return {
    'POST /orders': async ({ auth, body, headers, language }) => ({
      status: 201,
      body: await orders.place(auth, body, headers['idempotency-key'], language),
    }),
    'GET /orders': async ({ auth, query: { limit, cursor }, language }) => ({
      status: 200,
      body: await orders.list(auth.userId, { limit, cursor }, language),
    }),
    'GET /orders/:orderId': async ({ auth, params, language }) => ({
      status: 200,
      body: await orders.read(auth.userId, params.orderId, language),
    }),
    'POST /orders/:orderId/payment': async ({ auth, params }) => ({
      status: 200,
      body: { payment: await orders.pay(auth.userId, params.orderId) },
    }),
    'POST /orders/:orderId/cancel': async ({ auth, params, language }) => ({
      status: 200,
      body: await orders.cancel(auth.userId, params.orderId, language),
    }),
  };
}
