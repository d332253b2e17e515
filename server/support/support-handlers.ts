import type { DeviceRoute } from '@shared/contract/devices';
import type { Handlers } from '../http/serve';
import { rfc3339 } from '../rfc3339';
import type { SupportPrices } from './prices';
import type { SupportReconciliations } from './reconciliations';
import type { StaffSessions } from './staff-sessions';
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
    'GET /support/cards': async ({ query, ...looker }) => ({
      status: 200,
      body: { items: await support.findCards(looker, query.query) },
    }),
    'GET /support/cards/:cardId': async ({ params, ...looker }) => ({
      status: 200,
      body: await support.viewCard(looker, params.cardId),
    }),
    'GET /support/orders': async ({ query, ...looker }) => ({
      status: 200,
      body: await support.findOrders(looker, query),
    }),
    'GET /support/orders/:orderId': async ({ params, ...looker }) => ({
      status: 200,
      body: await support.viewOrder(looker, params.orderId),
    }),
    'POST /support/orders/:orderId/refunds': async ({ params, headers, body, ...looker }) => ({
      status: 201,
      body: await support.refund(looker, params.orderId, body, headers['idempotency-key']),
    }),
    'POST /support/orders/:orderId/resolutions': async ({ params, body, ...looker }) => ({
      status: 200,
      body: await support.resolve(looker, params.orderId, body),
    }),
    'GET /support/overview': async (looker) => ({
      status: 200,
      body: await support.overview(looker),
    }),
    'GET /support/prices': async ({ query, ...looker }) => ({
      status: 200,
      body: { items: await prices.list(looker, query.card) },
    }),
    'PUT /support/prices/:platform/:packageId': async ({ params, body, ...looker }) => ({
      status: 200,
      body: await prices.set(looker, params, body.priceFen),
    }),
    'GET /support/reconciliations': async ({ query, ...looker }) => ({
      status: 200,
      body: await reconciliations.list(looker, query),
    }),
    'POST /support/reconciliations': async ({ body, ...looker }) => ({
      status: 200,
      body: await reconciliations.run(looker, body.day),
    }),
  };
}
