import type { Handlers } from '../http/serve';
import { rfc3339 } from '../rfc3339';
import type { StaffSessions } from './staff-sessions';
import type { SupportService } from './support-service';

type SupportRoutes = Extract<keyof Handlers, `${string} /support/${string}`>;

/** What staff do, over HTTP. */
export function supportHandlers(
  sessions: StaffSessions,
  support: SupportService,
): Pick<Handlers, SupportRoutes> {
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
  };
}
