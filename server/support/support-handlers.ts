import type { DeviceRoute } from '@shared/contract/devices';
import type { Handlers } from '../contract/handlers';
import { rfc3339 } from '../lib/rfc3339';
import type { SupportPrices } from './support-prices';
import type { SupportReconciliations } from './support-reconciliations';
import type { StaffSessions } from '../accounts/staff-sessions';
import type { SupportService } from './support-service';

type SupportRoutes = Exclude<Extract<keyof Handlers, `${string} /support/${string}`>, DeviceRoute>;

/** What staff do, over HTTP. */
export function supportHandlers({
  sessions,
  support,
  reconciliations,
  prices,
}: {
  sessions: StaffSessions;
  support: SupportService;
  reconciliations: SupportReconciliations;
  prices: SupportPrices;
}): Pick<Handlers, SupportRoutes> {
  return {
    'POST /support/sessions': async ({ body }) => {
      const { token, expiresAt, staff } = await sessions.signIn(body.username, body.password);
      const { staffId: id, username, role } = staff;
      return {
        status: 201,
        body: {
          token,
          expiresAt: rfc3339(expiresAt),
          staff: { id, username, role },
        },
      };
    },
    'DELETE /support/sessions/current': async ({ token }) => {
      await sessions.signOut(token);
      return { status: 204 };
    },
    'GET /support/cards': async ({ query, ...actor }) => ({
      status: 200,
      body: { items: await support.findCards(actor, query.query) },
    }),
    'GET /support/cards/:cardId': async ({ params, ...actor }) => ({
      status: 200,
      body: await support.viewCard(actor, params.cardId),
    }),
    'GET /support/orders': async ({ query, ...actor }) => ({
      status: 200,
      body: await support.findOrders(actor, query),
    }),
    'GET /support/orders/:orderId': async ({ params, ...actor }) => ({
      status: 200,
      body: await support.viewOrder(actor, params.orderId),
    }),
    'POST /support/orders/:orderId/refunds': async ({ params, headers, body, ...actor }) => ({
      status: 201,
      body: await support.refund(actor, params.orderId, body, headers['idempotency-key']),
    }),
    'POST /support/orders/:orderId/resolutions': async ({ params, body, ...actor }) => ({
      status: 200,
      body: await support.resolve(actor, params.orderId, body),
    }),
    'GET /support/overview': async (actor) => ({
      status: 200,
      body: await support.overview(actor),
    }),
    'GET /support/prices': async ({ query, ...actor }) => ({
      status: 200,
      body: { items: await prices.list(actor, query.card) },
    }),
    'PUT /support/prices/:platform/:packageId': async ({ params, body, ...actor }) => ({
      status: 200,
      body: await prices.set(actor, params, body.priceFen),
    }),
    'GET /support/reconciliations': async ({ query, ...actor }) => ({
      status: 200,
      body: await reconciliations.list(actor, query),
    }),
    'POST /support/reconciliations': async ({ body, ...actor }) => ({
      status: 200,
      body: await reconciliations.run(actor, body.day),
    }),
  };
}
