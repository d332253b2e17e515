import type { Logger } from 'pino';
import { accountHandlers } from './accounts/account-handlers';
import { createSessionService } from './accounts/session-service';
import { cardHandlers } from './cards/card-handlers';
import { createCardService } from './cards/card-service';
import { createLookupLimits } from './cards/lookup-limits';
import { createCatalogueService } from './catalogue/catalogue-service';
import { createNotificationService } from './notifications/notification-service';
import { createOrderAdvancer } from './orders/advance-order';
import { orderHandlers } from './orders/order-handlers';
import { createOrderPlacement } from './orders/order-placement';
import { createOrderService } from './orders/order-service';
import type { CardPlatform, IdentityProvider, PaymentGateway } from './platforms/ports';
import type { Store } from './store/sqlite';
import { createStaffSessions } from './support/staff-sessions';
import { supportHandlers } from './support/support-handlers';
import { createSupportService } from './support/support-service';

interface ServiceParts {
  store: Store;
  /** Epoch milliseconds. */
  clock: () => number;
  log: Logger;
  platform: { cards: CardPlatform; payments: PaymentGateway; identity: IdentityProvider };
}

/** Everything the BFF does, wired: what HTTP serves and what the worker runs. */
export function createServices({ store, clock, log, platform }: ServiceParts) {
  const { cards: cardPlatform, payments, identity } = platform;
  const sessions = createSessionService({ store, clock, identity });
  const cards = createCardService({
    store,
    clock,
    platform: cardPlatform,
    limits: createLookupLimits(),
  });
  const catalogue = createCatalogueService({ clock, platform: cardPlatform });
  const advancer = createOrderAdvancer({
    store,
    clock,
    log,
    payments,
    cards: cardPlatform,
    onDelivered: cards.expire,
  });
  const placement = createOrderPlacement({ store, clock, cards, catalogue });
  const orders = createOrderService({ store, clock, payments, placement, advancer });
  const staffSessions = createStaffSessions({ store, clock });
  const support = createSupportService({ store, clock, cards });
  return {
    advancer,
    notifications: createNotificationService({ store, clock }),
    authenticators: { user: sessions.authenticate, staff: staffSessions.authenticate },
    handlers: {
      ...accountHandlers(sessions),
      ...cardHandlers({ cards, catalogue, clock }),
      ...orderHandlers(orders),
      ...supportHandlers(staffSessions, support),
    },
  };
}
