import type { Logger } from 'pino';
import { raiseAlert } from './alerts/alert-queries';
import { accountHandlers } from './accounts/account-handlers';
import { authenticateStaff, createStaffSignInFailures } from './accounts/staff-sessions';
import { authenticateUser, createUserSessionCache } from './accounts/user-sessions';
import { createCardState } from './cards/card-context';
import { cardHandlers, walletHandlers } from './cards/card-handlers';
import { expireReport } from './cards/card-queries';
import type { CardPlatforms } from './platforms/card-platforms';
import { catalogueHandlers } from './catalogue/catalogue-handlers';
import { createCatalogueState } from './catalogue/read-catalogue';
import { deviceHandlers, staffDeviceHandlers } from './devices/device-handlers';
import { createDeviceLimiters } from './devices/device-limits';
import type { RoutedRequest } from './contract/handlers';
import type { JobHandler, StuckJob } from './jobs/worker';
import { createCallbackService } from './notifications/callback-service';
import { createNotificationJob } from './notifications/notification-job';
import { createNotificationReceivers } from './notifications/notification-receivers';
import { createNotificationService, NOTIFICATION_JOB } from './notifications/notification-service';
import { createOrderAdvancer } from './fulfilment/advance-order';
import { orderHandlers } from './checkout/order-handlers';
import { createOrderPlacement } from './checkout/order-placement';
import { ORDER_JOB } from './orders/order-queries';
import { createOrderService } from './checkout/order-service';
import type { OrderContext } from './orders/order-context';
import type { Gateways } from './platforms/payment-gateways';
import type { CallbackReader, DevicePlatform, IdentityProvider } from './platforms/ports';
import { createBalanceState } from './prices/shop-balance';
import {
  createReconciliationJob,
  RECONCILIATION_JOB,
  scheduleReconciliation,
} from './reconciliation/reconciliation-job';
import { REFUND_JOB } from './refunds/refund-queries';
import { createRefundJob } from './refunds/sync-refund';
import type { Store } from './store/store';
import { recordForbiddenRequest } from './support/forbidden-requests';
import { supportHandlers } from './support/support-handlers';
import { createServiceKeyAuthenticator } from './tokens/service-key';
import { tokenHandlers } from './tokens/token-handlers';
import { TOKEN_JOB } from './tokens/token-queries';
import type { TokenParts } from './tokens/token-service';
import { noTokens } from './tokens/token-service';

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
  /** Reads the callbacks of 大卡师, if it is connected. */
  callbackReader?: CallbackReader | undefined;
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

/** What the subjects keep in memory: caches, rate limiters and requests in flight. */
function createState(clock: () => number) {
  return {
    userSessions: createUserSessionCache(clock),
    staffSignInFailures: createStaffSignInFailures(),
    cardState: createCardState(clock),
    catalogueState: createCatalogueState(clock),
    balanceState: createBalanceState(clock),
    deviceLimiters: createDeviceLimiters(),
  };
}

/** Composes what HTTP serves and what the worker runs. */
export function createServices(parts: ServiceParts) {
  const { store, clock, log, gateways, devices, callbackReader, tokens = noTokens } = parts;
  const context = { ...parts, ...createState(clock), devices, hasDevices: devices !== undefined };
  const { advancer, jobs } = createJobHandlers({
    ...parts,
    onDelivered: (cardId) => expireReport(store, cardId),
  });
  const placement = createOrderPlacement({ ...context, channel: gateways.current.name });
  const orders = createOrderService({ store, clock, gateways, placement, advancer });
  const notifications = createNotificationService({ store, clock, gateways });
  return {
    jobs: { ...jobs, [TOKEN_JOB]: tokens.renew },
    /** Calls a person for a job that fails again and again. */
    onStuck: (job: StuckJob) => raiseJobAlert({ store, clock }, job),
    /** To be called once when a process starts, before its worker: makes the jobs nobody else makes. */
    scheduleInitialJobs: () => scheduleReconciliation({ store, clock }),
    notifications,
    receivers: createNotificationReceivers({
      gateways,
      notifications,
      callbackReader,
      callbacks:
        callbackReader && createCallbackService({ store, clock, read: callbackReader.read }),
    }),
    authenticators: {
      user: (token: string) => authenticateUser(context, token),
      staff: (token: string) => authenticateStaff(context, token),
      service: createServiceKeyAuthenticator(parts.internalKey),
    },
    onForbidden: (request: RoutedRequest) => recordForbiddenRequest(context, request),
    handlers: {
      ...accountHandlers(context),
      ...cardHandlers(context),
      ...walletHandlers(context),
      ...catalogueHandlers(context),
      ...deviceHandlers(context),
      ...staffDeviceHandlers(context),
      ...orderHandlers(orders),
      ...tokenHandlers({ ...tokens, log }),
      ...supportHandlers(context),
    },
  };
}
