import type { Logger } from 'pino';
import { raiseAlert } from './alerts/alert-queries';
import { accountHandlers } from './accounts/account-handlers';
import { createSessionService } from './accounts/user-sessions';
import { cardHandlers } from './cards/card-handlers';
import { createCardFinder } from './cards/card-finder';
import type { CardPlatforms } from './platforms/card-platforms';
import { createCardService } from './cards/card-service';
import { createLookupLimits } from './cards/lookup-limits';
import { createPossession } from './cards/possession';
import { createCatalogueService } from './catalogue/catalogue-service';
import { deviceHandlers } from './devices/device-handlers';
import { createDevices } from './devices/devices';
import type { JobHandler, StuckJob } from './jobs/worker';
import { createCallbackService } from './notifications/callback-service';
import { createNotificationJob } from './notifications/notification-job';
import { createNotificationService, NOTIFICATION_JOB } from './notifications/notification-service';
import { createOrderAdvancer } from './fulfilment/advance-order';
import { orderHandlers } from './checkout/order-handlers';
import { createOrderPlacement } from './checkout/order-placement';
import { ORDER_JOB } from './orders/order-queries';
import { createOrderService } from './checkout/order-service';
import type { OrderContext } from './orders/order-context';
import type { Gateways } from './platforms/payment-gateways';
import type { ParsedCallback, DevicePlatform, IdentityProvider } from './platforms/ports';
import { createPriceBook } from './prices/price-book';
import { createShopBalance } from './prices/shop-balance';
import {
  createReconciliationJob,
  RECONCILIATION_JOB,
  scheduleReconciliation,
} from './reconciliation/reconciliation-job';
import { REFUND_JOB } from './refunds/refund-queries';
import { createRefundJob } from './refunds/sync-refund';
import type { Store } from './store/store';
import { createAudit } from './accounts/audit';
import { createSupportPrices } from './support/support-prices';
import { createSupportReconciliations } from './support/support-reconciliations';
import { createStaffSessions } from './accounts/staff-sessions';
import { supportHandlers } from './support/support-handlers';
import { createSupportService } from './support/support-service';
import { createServiceKeyAuthenticator } from './tokens/service-key';
import { tokenHandlers } from './tokens/token-handlers';
import { TOKEN_JOB } from './tokens/token-queries';
import type { TokenParts } from './tokens/token-service';
import { createTokenService, noTokens } from './tokens/token-service';

export interface ServiceParts {
  store: Store;
  /** Epoch milliseconds. */
  clock: () => number;
  log: Logger;
  identity: IdentityProvider;
  platforms: CardPlatforms;
  gateways: Gateways;
  /** Where the devices are that cards are in, if the shop has any. */
  devices?: DevicePlatform | undefined;
  /** Reads what 大卡师 tells by itself, where it is connected. */
  readCallback?: ((body: Buffer) => ParsedCallback) | undefined;
  /** Tokens that other servers may ask for; none unless given. */
  tokens?: TokenParts;
  /** What those servers prove themselves with; undefined where there are none. */
  internalKey?: string | undefined;
}

/** What is done without anybody asking, by kind of job. */
function createJobHandlers(context: OrderContext) {
  const advancer = createOrderAdvancer(context);
  const syncRefund = createRefundJob(context);
  const handleNotification = createNotificationJob({ context, advancer, syncRefund });
  const jobs: Readonly<Record<string, JobHandler>> = {
    [ORDER_JOB]: advancer.runJob,
    [REFUND_JOB]: syncRefund,
    [NOTIFICATION_JOB]: handleNotification,
    [RECONCILIATION_JOB]: createReconciliationJob(context),
  };
  return { advancer, jobs };
}

/** What keeps failing is a fault of ours, and keeps something from being settled. */
function raiseJobAlert({ store, clock }: Pick<ServiceParts, 'store' | 'clock'>, job: StuckJob) {
  const { kind: detail, subject_id: subject } = job;
  return raiseAlert(store, { kind: 'jobStuck', subject, detail, now: clock() });
}

/** Everything the BFF does, wired: what HTTP serves and what the worker runs. */
export function createServices(parts: ServiceParts) {
  const { store, clock, log, identity, gateways, platforms, devices, tokens = noTokens } = parts;
  const sessions = createSessionService({ store, clock, identity });
  const limits = createLookupLimits();
  const find = createCardFinder({ platforms, clock });
  const hasDevices = devices !== undefined;
  const cards = createCardService({ store, clock, platforms, find, limits, hasDevices });
  const possession = createPossession({ store, clock });
  const catalogue = createCatalogueService({
    clock,
    platforms,
    prices: createPriceBook({ store, clock }),
  });
  const { advancer, jobs } = createJobHandlers({
    store,
    clock,
    log,
    gateways,
    platforms,
    onDelivered: cards.expire,
  });
  const channel = gateways.current.name;
  const balance = createShopBalance({ store, clock, log, platforms });
  const placement = createOrderPlacement({ store, clock, channel, cards, catalogue, balance });
  const orders = createOrderService({ store, clock, gateways, placement, advancer });
  const staffSessions = createStaffSessions({ store, clock });
  const audit = createAudit({ store, clock });
  const support = createSupportService({ store, clock, cards, audit });
  const prices = createSupportPrices({ store, clock, cards, catalogue, audit });
  const reconciliations = createSupportReconciliations({ ...parts, audit });
  return {
    jobs: { ...jobs, [TOKEN_JOB]: tokens.renew },
    /** Calls a person for a job that fails again and again. */
    onStuck: (job: StuckJob) => raiseJobAlert({ store, clock }, job),
    /** To be called once when a process starts, before its worker: makes the jobs nobody else makes. */
    scheduleInitialJobs: () => scheduleReconciliation({ store, clock }),
    notifications: createNotificationService({ store, clock, gateways }),
    callbacks:
      parts.readCallback && createCallbackService({ store, clock, read: parts.readCallback }),
    authenticators: {
      user: sessions.authenticate,
      staff: staffSessions.authenticate,
      service: createServiceKeyAuthenticator(parts.internalKey),
    },
    handlers: {
      ...accountHandlers(sessions),
      ...cardHandlers({ cards, catalogue, possession, clock }),
      ...deviceHandlers(devices && createDevices({ store, clock, devices, possession, audit })),
      ...orderHandlers(orders),
      ...tokenHandlers(createTokenService({ ...tokens, log })),
      ...supportHandlers({ sessions: staffSessions, support, reconciliations, prices }),
    },
  };
}
