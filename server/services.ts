import type { Logger } from 'pino';
import { accountHandlers } from './accounts/account-handlers';
import { createAudit } from './accounts/audit';
import { createStaffSessions } from './accounts/staff-sessions';
import { createSessionService } from './accounts/user-sessions';
import { raiseAlert } from './alerts/alert-queries';
import { createCardFinder } from './cards/card-finder';
import { cardHandlers } from './cards/card-handlers';
import { createCardService } from './cards/card-service';
import { createLookupLimits } from './cards/lookup-limits';
import { createPossession } from './cards/possession';
import { createCatalogueService } from './catalogue/catalogue-service';
import type { CheckoutContext } from './checkout/checkout-context';
import { createCheckoutState } from './checkout/checkout-context';
import { orderHandlers } from './checkout/order-handlers';
import { deviceHandlers } from './devices/device-handlers';
import { createDevices } from './devices/devices';
import type { FulfilmentContext } from './fulfilment/fulfilment-context';
import { createFulfilmentState } from './fulfilment/fulfilment-context';
import { runOrderJob } from './fulfilment/run-order-job';
import type { JobHandler, StuckJob } from './jobs/run-job';
import { processNotification } from './notifications/process-notification';
import { createCallbackService } from './notifications/receive-callback';
import { createNotificationService, NOTIFICATION_JOB } from './notifications/receive-notification';
import { ORDER_JOB } from './orders/order-job';
import type { CardPlatforms } from './platforms/card-platforms';
import type { Gateways } from './platforms/payment-gateways';
import type { DevicePlatform, IdentityProvider, ParsedCallback } from './platforms/ports';
import { createPriceBook } from './prices/price-book';
import { createShopBalance } from './prices/shop-balance';
import {
  RECONCILIATION_JOB,
  runReconciliationJob,
  scheduleReconciliation,
} from './reconciliation/reconciliation-job';
import { REFUND_JOB } from './refunds/refund-queries';
import { syncRefund } from './refunds/sync-refund';
import type { Store } from './store/store';
import { supportHandlers } from './support/support-handlers';
import { createSupportPrices } from './support/support-prices';
import { createSupportReconciliations } from './support/support-reconciliations';
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
  /** The platform of the devices that cards are in, if the merchant has any. */
  devices?: DevicePlatform | undefined;
  /** Parses the callbacks of 大卡师, if it is connected. */
  readCallback?: ((body: Buffer) => ParsedCallback) | undefined;
  /** The access tokens that other servers may request. Default: none. */
  tokens?: TokenParts;
  /** The key with which those servers authenticate; undefined if there are none. */
  internalKey?: string | undefined;
}

/** Wires the BFF: what HTTP serves and what the worker runs. */
export function createServices(parts: ServiceParts) {
  const { store, clock, log, gateways, platforms, tokens = noTokens } = parts;
  const customers = createCustomerServices(parts);
  const { cards, catalogue } = customers;
  const fulfilment: FulfilmentContext = {
    store,
    clock,
    log,
    gateways,
    platforms,
    onDelivered: cards.expire,
    fulfilmentState: createFulfilmentState(clock),
  };
  const balance = createShopBalance({ store, clock, log, platforms });
  const checkout: CheckoutContext = {
    ...fulfilment,
    shop: {
      viewCard: cards.view,
      findOffer: catalogue.offer,
      assertBalanceCovers: balance.assertCovers,
    },
    checkoutState: createCheckoutState(clock),
  };
  const staffSessions = createStaffSessions({ store, clock });
  return {
    jobs: createJobHandlers(fulfilment, tokens),
    onStuck: (job: StuckJob) => raiseJobAlert({ store, clock }, job),
    /** To be called once when a process starts, before its worker: schedules jobs that no request schedules. */
    scheduleInitialJobs: () => scheduleReconciliation({ store, clock }),
    notifications: createNotificationService({ store, clock, gateways }),
    callbacks:
      parts.readCallback && createCallbackService({ store, clock, read: parts.readCallback }),
    authenticators: {
      user: customers.sessions.authenticate,
      staff: staffSessions.authenticate,
      service: createServiceKeyAuthenticator(parts.internalKey),
    },
    handlers: {
      ...customerHandlers(parts, customers),
      ...orderHandlers(checkout),
      ...tokenHandlers(createTokenService({ ...tokens, log })),
      ...staffHandlers(parts, { ...customers, sessions: staffSessions }),
    },
  };
}

/** What customers use before they order. */
function createCustomerServices({ store, clock, identity, platforms, devices }: ServiceParts) {
  const find = createCardFinder({ platforms, clock });
  const limits = createLookupLimits();
  const hasDevices = devices !== undefined;
  const prices = createPriceBook({ store, clock });
  return {
    sessions: createSessionService({ store, clock, identity }),
    cards: createCardService({ store, clock, platforms, find, limits, hasDevices }),
    catalogue: createCatalogueService({ clock, platforms, prices }),
    audit: createAudit({ store, clock }),
  };
}

type CustomerServices = ReturnType<typeof createCustomerServices>;

function customerHandlers(
  { store, clock, devices }: ServiceParts,
  { sessions, cards, catalogue, audit }: CustomerServices,
) {
  const possession = createPossession({ store, clock });
  return {
    ...accountHandlers(sessions),
    ...cardHandlers({ cards, catalogue, possession, clock }),
    ...deviceHandlers(devices && createDevices({ store, clock, devices, possession, audit })),
  };
}

function staffHandlers(
  parts: ServiceParts,
  {
    sessions,
    cards,
    catalogue,
    audit,
  }: Omit<CustomerServices, 'sessions'> & { sessions: ReturnType<typeof createStaffSessions> },
) {
  const { store, clock } = parts;
  return supportHandlers({
    sessions,
    support: createSupportService({ store, clock, cards, audit }),
    reconciliations: createSupportReconciliations({ ...parts, audit }),
    prices: createSupportPrices({ store, clock, cards, catalogue, audit }),
  });
}

/** The worker's handlers, by kind of job. */
function createJobHandlers(
  context: FulfilmentContext,
  { renew }: TokenParts,
): Readonly<Record<string, JobHandler>> {
  return {
    [ORDER_JOB]: (orderId) => runOrderJob(context, orderId),
    [REFUND_JOB]: (refundId) => syncRefund(context, refundId),
    [NOTIFICATION_JOB]: (notificationId) => processNotification(context, notificationId),
    [RECONCILIATION_JOB]: (day) => runReconciliationJob(context, day),
    [TOKEN_JOB]: renew,
  };
}

/** Calls a person for a job that keeps failing: it keeps something from being settled. */
function raiseJobAlert({ store, clock }: Pick<ServiceParts, 'store' | 'clock'>, job: StuckJob) {
  const { kind: detail, subject_id: subject } = job;
  return raiseAlert(store, { kind: 'jobStuck', subject, detail, now: clock() });
}
