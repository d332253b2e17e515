import type { Handlers } from '../contract/handlers';
import { readOverview } from './read-overview';
import { redirectRefund } from './redirect-refund';
import { refundOrder } from './refund-order';
import { resolveOrder } from './resolve-order';
import { approveSettlement, rejectSettlement, requestSettlement } from './settle-refund';
import { searchCards } from './search-cards';
import { searchOrders } from './search-orders';
import { listPricesForStaff, setPriceByStaff } from './staff-prices';
import { listReconciliationsForStaff, reconcileForStaff } from './staff-reconciliations';
import type { SupportContext } from './support-context';
import { viewOrder } from './view-order';
import { viewSupportCard } from './view-support-card';

export type SupportRoute =
  | 'GET /support/cards'
  | 'GET /support/cards/:cardId'
  | 'GET /support/orders'
  | 'GET /support/orders/:orderId'
  | 'POST /support/orders/:orderId/refunds'
  | 'POST /support/orders/:orderId/resolutions'
  | 'POST /support/refunds/:refundId/redirections'
  | 'POST /support/refunds/:refundId/settlements'
  | 'POST /support/refunds/:refundId/approve'
  | 'POST /support/refunds/:refundId/reject'
  | 'GET /support/overview'
  | 'GET /support/prices'
  | 'PUT /support/prices/:platform/:packageId'
  | 'GET /support/reconciliations'
  | 'POST /support/reconciliations';

/** Cards, orders, prices and reconciliations, for staff. */
export function supportHandlers(context: SupportContext): Pick<Handlers, SupportRoute> {
  return {
    'GET /support/cards': async ({ query, ...actor }) => ({
      status: 200,
      body: await searchCards(context, actor, query.query),
    }),
    'GET /support/cards/:cardId': async ({ params, ...actor }) => ({
      status: 200,
      body: await viewSupportCard(context, actor, params.cardId),
    }),
    'GET /support/orders': async ({ query, ...actor }) => ({
      status: 200,
      body: await searchOrders(context, actor, query),
    }),
    'GET /support/orders/:orderId': async ({ params, ...actor }) => ({
      status: 200,
      body: await viewOrder(context, actor, params.orderId),
    }),
    'POST /support/orders/:orderId/refunds': async ({ params, headers, body, ...actor }) => ({
      status: 201,
      body: await refundOrder(context, actor, params.orderId, body, headers['idempotency-key']),
    }),
    'POST /support/orders/:orderId/resolutions': async ({ params, body, ...actor }) => ({
      status: 200,
      body: await resolveOrder(context, actor, params.orderId, body),
    }),
    'POST /support/refunds/:refundId/redirections': async ({ params, body, ...actor }) => ({
      status: 200,
      body: await redirectRefund(context, actor, params.refundId, body),
    }),
    'POST /support/refunds/:refundId/settlements': async ({ params, body, ...actor }) => ({
      status: 201,
      body: await requestSettlement(context, actor, params.refundId, body.evidence),
    }),
    'POST /support/refunds/:refundId/approve': async ({ params, ...actor }) => ({
      status: 200,
      body: await approveSettlement(context, actor, params.refundId),
    }),
    'POST /support/refunds/:refundId/reject': async ({ params, ...actor }) => ({
      status: 200,
      body: await rejectSettlement(context, actor, params.refundId),
    }),
    'GET /support/overview': async (actor) => ({
      status: 200,
      body: await readOverview(context, actor),
    }),
    'GET /support/prices': async ({ query, ...actor }) => ({
      status: 200,
      body: await listPricesForStaff(context, actor, query.card),
    }),
    'PUT /support/prices/:platform/:packageId': async ({ params, body, ...actor }) => ({
      status: 200,
      body: await setPriceByStaff(context, actor, params, body.priceFen),
    }),
    'GET /support/reconciliations': async ({ query, ...actor }) => ({
      status: 200,
      body: await listReconciliationsForStaff(context, actor, query),
    }),
    'POST /support/reconciliations': async ({ body, ...actor }) => ({
      status: 200,
      body: { items: await reconcileForStaff(context, actor, body.day) },
    }),
  };
}
